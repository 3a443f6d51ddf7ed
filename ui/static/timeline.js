// When things of a session are due: the session's clock plus a delay that grows when the network is late.

const BASE_DELAY_S = 0.15;

class Timeline {
  constructor() {
    this.offset = 0;
    this.delay = BASE_DELAY_S;
  }

  now() {
    return performance.now() / 1000;
  }

  // The session's clock stood at `clockS` when its first message came.
  start(clockS) {
    this.offset = this.now() - clockS;
    this.delay = BASE_DELAY_S;
  }

  due(atS) {
    return atS + this.offset + this.delay;
  }

  // Sound came too late: pictures and captions wait as long as it does, so that lips and voice stay together.
  postpone(seconds) {
    this.delay += seconds;
  }

  // Between replies nobody hears the delay shrink.
  recover() {
    this.delay = BASE_DELAY_S;
  }
}
