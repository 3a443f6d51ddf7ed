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

class Microphone {
  constructor(onPiece) {
    this.onPiece = onPiece;
    this.stream = null;
  }

  get on() {
    return this.stream !== null;
  }

  async open() {
    if (!navigator.mediaDevices) throw new Error("The microphone needs https or this machine's own address.");
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    const context = new AudioContext();
    const module = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    try {
      await context.audioWorklet.addModule(module);
    } catch (error) {
      stream.getTracks().forEach((track) => track.stop());
      context.close();
      throw error;
    } finally {
      URL.revokeObjectURL(module);
    }
    const node = new AudioWorkletNode(context, "chatanything-microphone", { numberOfOutputs: 0 });
    node.port.onmessage = (event) => this.onPiece(event.data);
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
    [this.stream, this.context, this.node] = [stream, context, node];
  }

  close() {
    if (!this.stream) return;
    this.node.port.onmessage = null;
    this.stream.getTracks().forEach((track) => track.stop());
    this.context.close();
    this.stream = null;
  }
}
