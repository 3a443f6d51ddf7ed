// One WebSocket to /v1/live that comes back by itself.

const HEADER_BYTES = 20;
const PICTURE = 1;
const PING_MS = 4000;
const SILENCE_MS = 12000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const MOST_TRIES = 12;

class Link {
  // `on` has: ready(message), told(message), picture(...), sound(...), waiting(seconds), lost(reason).
  constructor(order, on) {
    this.order = order;
    this.on = on;
    this.tries = 0;
    this.over = false;
    this.socket = null;
    this.comeBack = () => {
      if (!document.hidden && this.timer && !this.socket) this.connect();
    };
    document.addEventListener("visibilitychange", this.comeBack);
    window.addEventListener("online", this.comeBack);
  }

  async connect() {
    clearTimeout(this.timer);
    this.timer = 0;
    let ticket;
    try {
      ticket = await this.ticket();
    } catch (error) {
      if (error.final) this.lose(error.message);
      else this.retry();
      return;
    }
    if (this.over) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const query = new URLSearchParams({ persona: this.order.persona, ticket });
    this.open(new WebSocket(`${scheme}//${location.host}/v1/live?${query}`));
  }

  async ticket() {
    const answer = await fetch("/ui/ticket", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        persona: this.order.persona,
        visitor: this.order.visitor,
        remember: Boolean(this.order.remember),
      }),
    });
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return body.ticket;
    const error = new Error(body.error ? body.error.message : "The server does not answer.");
    error.final = answer.status < 500 && answer.status !== 429;
    throw error;
  }

  open(socket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => {
      this.heardAt = performance.now();
      if (typeof event.data === "string") this.take(JSON.parse(event.data));
      else this.unpack(event.data);
    };
    socket.onclose = () => {
      clearInterval(this.pinging);
      if (this.socket !== socket) return;
      this.socket = null;
      this.retry();
    };
    this.heardAt = performance.now();
    this.pinging = setInterval(() => {
      if (performance.now() - this.heardAt > SILENCE_MS) socket.close();
      else this.send({ type: "ping", id: Math.round(performance.now()) });
    }, PING_MS);
  }

  take(message) {
    if (message.type === "pong") return;
    if (message.type === "ready") {
      this.tries = 0;
      this.on.ready(message);
    } else {
      this.on.told(message);
    }
  }

  unpack(data) {
    const view = new DataView(data);
    const reply = view.getUint32(4, true);
    const atS = view.getFloat64(8, true);
    if (view.getUint8(0) === PICTURE) this.on.picture(reply, atS, data.slice(HEADER_BYTES));
    else this.on.sound(reply, atS, new Int16Array(data.slice(HEADER_BYTES)), view.getUint32(16, true));
  }

  retry() {
    if (this.over) return;
    if (++this.tries > MOST_TRIES) {
      this.lose("The connection is lost.");
      return;
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.tries - 1));
    this.on.waiting(wait / 1000);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  lose(reason) {
    this.close();
    this.on.lost(reason);
  }

  send(message) {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(message instanceof ArrayBuffer ? message : JSON.stringify(message));
    return true;
  }

  close() {
    this.over = true;
    clearTimeout(this.timer);
    clearInterval(this.pinging);
    document.removeEventListener("visibilitychange", this.comeBack);
    window.removeEventListener("online", this.comeBack);
    const socket = this.socket;
    this.socket = null;
    if (socket) socket.close();
  }
}
