// Shows pictures when they are due; the newest one that is due wins.

const MOST_PICTURES = 90;

class Screen {
  constructor(canvas, timeline) {
    this.canvas = canvas;
    this.timeline = timeline;
    this.brush = canvas.getContext("2d", { alpha: false });
    this.queue = []; // { atS, reply, bitmap }, by time
    this.lastCut = 0;
    this.life = 0;
    this.drawn = 0;
  }

  async push(reply, atS, jpeg) {
    const life = this.life;
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).catch(() => null);
    if (!bitmap) return;
    if (life !== this.life || (reply && reply <= this.lastCut)) {
      bitmap.close();
      return;
    }
    let place = this.queue.length;
    while (place && this.queue[place - 1].atS > atS) place--;
    this.queue.splice(place, 0, { atS, reply, bitmap });
    while (this.queue.length > MOST_PICTURES) this.queue.shift().bitmap.close();
  }

  // Called for every picture that the display shows.
  paint() {
    const now = this.timeline.now();
    let due = null;
    while (this.queue.length && this.timeline.due(this.queue[0].atS) <= now) {
      if (due) due.bitmap.close();
      due = this.queue.shift();
    }
    if (!due) return;
    this.show(due.bitmap);
    due.bitmap.close();
    this.drawn++;
  }

  show(image) {
    const edge = image.naturalWidth || image.width;
    if (this.canvas.width !== edge) this.canvas.width = this.canvas.height = edge;
    this.brush.drawImage(image, 0, 0, edge, edge);
  }

  cut(reply) {
    this.lastCut = Math.max(this.lastCut, Math.min(reply, Number.MAX_SAFE_INTEGER));
    this.queue = this.queue.filter((picture) => {
      const stays = !picture.reply || picture.reply > reply;
      if (!stays) picture.bitmap.close();
      return stays;
    });
  }

  // Another session begins.
  clear() {
    this.life++;
    this.lastCut = 0;
    for (const picture of this.queue) picture.bitmap.close();
    this.queue = [];
  }
}
