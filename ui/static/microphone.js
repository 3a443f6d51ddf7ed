// The browser's microphone as PCM16 at 16 kHz, in pieces of 40 ms.

const HEARD_RATE = 16000;
const WORKLET = `
registerProcessor("chatanything-microphone", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / ${HEARD_RATE};
    this.room = this.step;
    this.sum = 0;
    this.piece = new Int16Array(${HEARD_RATE / 25});
    this.filled = 0;
  }
  process([input]) {
    if (input[0]) for (const sample of input[0]) this.take(sample);
    return true;
  }
  // Every output sample is the mean of the input that it spans.
  take(sample) {
    let left = 1;
    while (this.room <= left) {
      this.put((this.sum + sample * this.room) / this.step);
      left -= this.room;
      this.sum = 0;
      this.room = this.step;
    }
    this.sum += sample * left;
    this.room -= left;
  }
  put(value) {
    this.piece[this.filled++] = Math.max(-1, Math.min(1, value)) * 32767;
    if (this.filled < this.piece.length) return;
    this.port.postMessage(this.piece.slice().buffer);
    this.filled = 0;
  }
});`;

function letGo(stream, context = null) {
  stream.getTracks().forEach((track) => track.stop());
  if (context) context.close();
}

class Microphone {
  constructor(onPiece) {
    this.onPiece = onPiece;
    this.stream = null;
    this.opening = null; // { off, done } while it opens
  }

  get on() {
    return this.stream !== null;
  }

  // Whether it is on then. Asked again while it opens it waits for the same; close() meanwhile calls it off.
  open() {
    if (this.on) return Promise.resolve(true);
    if (!this.opening) {
      const opening = { off: false };
      this.opening = opening;
      opening.done = this.start(opening).finally(() => {
        if (this.opening === opening) this.opening = null;
      });
    }
    return this.opening.done;
  }

  async start(opening) {
    if (!navigator.mediaDevices) throw new Error("The microphone needs https or this machine's own address.");
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    if (opening.off) {
      letGo(stream);
      return false;
    }
    const context = new AudioContext();
    try {
      const node = await this.connect(stream, context);
      if (opening.off) return false;
      node.port.onmessage = (event) => this.onPiece(event.data);
      [this.stream, this.context, this.node] = [stream, context, node];
      return true;
    } finally {
      if (this.stream !== stream) letGo(stream, context);
    }
  }

  async connect(stream, context) {
    const module = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    try {
      await context.audioWorklet.addModule(module);
    } finally {
      URL.revokeObjectURL(module);
    }
    const node = new AudioWorkletNode(context, "chatanything-microphone", { numberOfOutputs: 0 });
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
    return node;
  }

  close() {
    if (this.opening) this.opening.off = true;
    this.opening = null;
    if (!this.stream) return;
    this.node.port.onmessage = null;
    letGo(this.stream, this.context);
    this.stream = null;
  }
}
