// The video call: buttons, captions and states around speaker, screen, microphone and link.

const MOODS = {
  neutral: "😌 calm", happy: "😊 happy", sad: "😢 sad", angry: "😠 angry",
  afraid: "😨 afraid", surprised: "😮 surprised", disgusted: "😖 disgusted", tender: "🥰 tender",
};
const MOST_LINES = 60;
const METER_MS = 80;

class Call {
  constructor(root) {
    this.root = root;
    this.timeline = new Timeline();
    this.speaker = new Speaker(this.timeline);
    this.screen = new Screen(this.part("canvas"), this.timeline);
    this.microphone = new Microphone((piece) => this.link && this.link.send(piece));
    this.link = null;
    this.order = null;
    this.captions = []; // { atS, reply, text, emotion } that wait for their time, and { atS, reply, end }
    this.reply = 0;
    this.lastReply = "";
    this.wire();
    this.state("empty", "Choose somebody to talk to.");
    const frame = () => {
      this.screen.paint();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    setInterval(() => this.tick(), METER_MS);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  wire() {
    this.part("start").addEventListener("click", () => this.start());
    this.part("stop").addEventListener("click", () => this.interrupt());
    this.part("end").addEventListener("click", () => this.hangUp());
    this.part("mic").addEventListener("click", () => this.toggleMicrophone());
    this.part("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.part("words").value);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.live && this.root.offsetParent) this.interrupt();
    });
    window.addEventListener("pagehide", () => this.hangUp());
  }

  get live() {
    return this.link !== null && this.root.dataset.state !== "calling";
  }

  state(name, text) {
    this.root.dataset.state = name;
    this.part("state").textContent = text;
    const calling = this.link !== null;
    this.part("start").hidden = calling || !this.order;
    for (const part of ["stop", "end", "words", "send"]) this.part(part).disabled = !this.live;
    this.paintMicrophone();
  }

  // ---------------------------------------------------------------- who

  // Another character, or another wish to be remembered; `order` has persona, name, portrait, visitor and
  // remember.
  show(order) {
    const same = (part) => this.order && order && this.order[part] === order[part];
    if (same("persona") && same("remember") && this.link) return;
    this.hangUp();
    this.order = order && order.persona ? order : null;
    this.lastReply = "";
    this.part("log").replaceChildren();
    this.part("caption").textContent = "";
    const name = this.order ? this.order.name : "";
    this.part("canvas").setAttribute("aria-label", name ? `${name}, live picture` : "No picture yet");
    this.part("words").placeholder = name ? `Say something to ${name}` : "Say something";
    const face = this.order ? `url("${this.order.portrait}")` : "none";
    this.root.style.setProperty("--face", face);
    this.part("start-name").textContent = name ? `Call ${name}` : "";
    if (!this.order) {
      this.state("empty", "Choose somebody to talk to.");
      return;
    }
    this.state("idle", "Ready when you are.");
    this.screen.drawn = 0;
    const still = new Image();
    still.onload = () => this.order === order && !this.screen.drawn && this.screen.show(still);
    still.src = this.order.portrait;
  }

  async start() {
    if (!this.order || this.link) return;
    this.greeted = false;
    const link = new Link(this.order, {
      ready: (message) => this.ready(message),
      told: (message) => this.told(message),
      picture: (reply, atS, jpeg) => this.screen.push(reply, atS, jpeg),
      sound: (reply, atS, pcm, rate) => this.sound(reply, atS, pcm, rate),
      waiting: () => this.dropped(),
      lost: (reason) => this.lost(reason),
    });
    this.link = link;
    this.state("calling", "Calling …");
    this.part("words").focus({ preventScroll: true });
    await this.speaker.wake();
    if (this.link === link) link.connect();
  }

  hangUp() {
    if (!this.link) return;
    this.link.close();
    this.link = null;
    this.quiet();
    this.microphone.close();
    this.paintMicrophone();
    this.speaker.close();
    this.state("idle", "The call has ended.");
  }

  lost(reason) {
    this.hangUp();
    this.state("idle", reason);
  }

  dropped() {
    this.quiet();
    this.state("calling", "Connecting again …");
  }

  // Nothing of what came so far is played any more.
  quiet() {
    this.speaker.cut(Infinity);
    this.screen.clear();
    this.captions = [];
    this.reply = 0;
    this.mood("");
  }

  ready(message) {
    this.quiet();
    this.timeline.start(message.clock_s);
    this.deaf = !message.hearing;
    this.part("mic").title = this.deaf ? "This server cannot hear" : "";
    this.state("live", "Live");
    this.part("words").focus({ preventScroll: true });
    if (this.microphone.on) this.link.send({ type: "microphone", on: true, sample_rate: HEARD_RATE });
    if (!this.greeted) this.link.send({ type: "perform" });
    this.greeted = true;
  }

  // ---------------------------------------------------------------- what the user does

  say(text) {
    const words = text.trim();
    if (!words || !this.link || !this.link.send({ type: "say", text: words })) return;
    this.part("words").value = "";
    this.cut(this.reply);
    this.line("you", words);
  }

  interrupt() {
    if (!this.link) return;
    this.link.send({ type: "interrupt" });
    this.cut(this.reply);
    this.state("live", "Live");
  }

  async toggleMicrophone() {
    if (this.microphone.opening) return;
    if (this.microphone.on) {
      this.microphone.close();
      this.link.send({ type: "microphone", on: false });
    } else {
      try {
        const opened = this.microphone.open();
        this.paintMicrophone();
        // Not where somebody has hung up meanwhile.
        if (await opened) this.link.send({ type: "microphone", on: true, sample_rate: HEARD_RATE });
      } catch (error) {
        if (!this.link) return;
        const denied = error.name === "NotAllowedError";
        this.state("live", denied ? "The microphone is not allowed for this page." : error.message);
      }
    }
    this.paintMicrophone();
  }

  paintMicrophone() {
    const on = this.microphone.on;
    const mic = this.part("mic");
    mic.disabled = !this.live || this.deaf || this.microphone.opening !== null;
    mic.setAttribute("aria-pressed", String(on));
    mic.setAttribute("aria-label", on ? "Switch the microphone off" : "Switch the microphone on");
  }

  // ---------------------------------------------------------------- what the server tells

  sound(reply, atS, pcm, rate) {
    if (reply > this.screen.lastCut) this.speaker.play(reply, atS, pcm, rate);
  }

  told(message) {
    const { type, reply } = message;
    if (type === "accepted") {
      this.cut(this.reply);
      this.reply = Math.max(this.reply, reply);
      this.state("thinking", "Thinking …");
    } else if (type === "caption" && reply > this.screen.lastCut) {
      this.reply = Math.max(this.reply, reply);
      this.captions.push({ atS: message.at_s, reply, text: message.text, emotion: message.emotion });
    } else if (type === "done" && reply > this.screen.lastCut) {
      this.captions.push({ atS: message.at_s, reply, end: true, text: message.text });
    } else if (type === "interrupted") {
      this.cut(reply);
    } else if (type === "listening") {
      if (message.on) this.cut(this.reply);
      this.state(message.on ? "listening" : "live", message.on ? "Listening …" : "Live");
    } else if (type === "heard") {
      this.line("you", message.text);
    } else if (type === "failed" || type === "error") {
      this.state("live", message.message);
    } else if (type === "closed") {
      this.lost("The call has ended.");
    }
  }

  cut(reply) {
    if (!reply) return;
    this.speaker.cut(reply);
    this.screen.cut(reply);
    this.captions = this.captions.filter((caption) => caption.reply > reply);
  }

  // ---------------------------------------------------------------- what it looks like

  tick() {
    const now = this.timeline.now();
    while (this.captions.length && this.timeline.due(this.captions[0].atS) <= now) {
      this.caption(this.captions.shift());
    }
    this.root.style.setProperty("--level", Math.min(1, 4 * this.speaker.level()).toFixed(2));
  }

  caption(caption) {
    if (caption.end) {
      this.lastReply = caption.text;
      this.state("live", "Live");
      return;
    }
    this.part("caption").textContent = caption.text;
    this.mood(caption.emotion);
    this.state("speaking", "Speaking");
    const last = this.part("log").lastElementChild;
    if (last && last.dataset.reply === String(caption.reply)) {
      last.lastElementChild.textContent += ` ${caption.text}`;
    } else {
      this.line("them", caption.text, caption.reply);
    }
    this.lastReply = this.part("log").lastElementChild.lastElementChild.textContent;
  }

  mood(emotion) {
    this.part("mood").textContent = MOODS[emotion] || "";
    this.part("mood").hidden = !MOODS[emotion];
  }

  line(who, text, reply = "") {
    const log = this.part("log");
    const row = document.createElement("li");
    row.className = `call-line call-${who}`;
    row.dataset.reply = reply;
    const name = document.createElement("span");
    name.className = "call-who";
    name.textContent = who === "you" ? "You" : this.order.name;
    const words = document.createElement("span");
    words.textContent = text;
    row.append(name, words);
    log.append(row);
    while (log.children.length > MOST_LINES) log.firstElementChild.remove();
    log.scrollTop = log.scrollHeight;
  }

  // What still waits to be seen or heard.
  pending() {
    return {
      sounds: this.speaker.playing.size,
      pictures: this.screen.queue.filter((picture) => picture.reply).length,
      captions: this.captions.length,
    };
  }
}
