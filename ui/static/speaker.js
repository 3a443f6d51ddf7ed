// Plays pieces of sound without gaps, and stops within a few milliseconds.

const SOUND_RATE = 24000;
const MARGIN_S = 0.03;
const JOIN_S = 0.04;
const FADE_S = 0.006;

class Speaker {
  constructor(timeline) {
    this.timeline = timeline;
    this.context = null;
    this.playing = new Map(); // source -> reply
    this.reply = 0;
    this.end = 0;
  }

  // Browsers start sound only inside a click; called from one.
  async wake() {
    if (!this.context || this.context.state === "closed") {
      // The rate of the sound itself: pieces that need no resampling join to the sample.
      this.context = new AudioContext({ sampleRate: SOUND_RATE, latencyHint: "interactive" });
      this.meter = this.context.createAnalyser();
      this.meter.fftSize = 1024;
      this.meter.connect(this.context.destination);
      this.levels = new Float32Array(this.meter.fftSize);
      this.openBus();
    }
    await this.context.resume();
  }

  openBus() {
    this.bus = this.context.createGain();
    this.bus.connect(this.meter);
    this.end = 0;
  }

  play(reply, atS, pcm, rate) {
    if (!this.context || this.context.state !== "running" || !pcm.length) return;
    if (reply !== this.reply) {
      this.reply = reply;
      if (!this.playing.size) this.timeline.recover();
    }
    const context = this.context;
    const source = new AudioBufferSourceNode(context, { buffer: this.buffer(pcm, rate) });
    const start = this.startOf(atS);
    source.connect(this.bus);
    source.onended = () => this.playing.delete(source);
    source.start(start);
    this.playing.set(source, reply);
    this.end = start + source.buffer.duration;
  }

  buffer(pcm, rate) {
    const buffer = this.context.createBuffer(1, pcm.length, rate);
    const samples = buffer.getChannelData(0);
    for (let i = 0; i < pcm.length; i++) samples[i] = pcm[i] / 32768;
    return buffer;
  }

  startOf(atS) {
    const now = this.context.currentTime;
    let start = now + this.timeline.due(atS) - this.timeline.now();
    if (start < this.end + JOIN_S && start > this.end - JOIN_S) start = this.end;
    const earliest = Math.max(now + MARGIN_S, this.end);
    if (start < earliest) {
      this.timeline.postpone(earliest - start);
      start = earliest;
    }
    return start;
  }

  // Drop everything up to this reply, whether it plays or waits.
  cut(reply) {
    if (!this.context) return;
    const doomed = [...this.playing].filter(([, of]) => of <= reply);
    if (!doomed.length) return;
    const now = this.context.currentTime;
    this.bus.gain.setTargetAtTime(0, now, FADE_S);
    for (const [source] of doomed) {
      source.stop(now + 5 * FADE_S);
      this.playing.delete(source);
    }
    this.openBus();
  }

  level() {
    if (!this.context || !this.playing.size) return 0;
    this.meter.getFloatTimeDomainData(this.levels);
    let sum = 0;
    for (const value of this.levels) sum += value * value;
    return Math.sqrt(sum / this.levels.length);
  }

  async close() {
    this.cut(Infinity);
    const context = this.context;
    this.context = null;
    if (context) await context.close();
  }
}
