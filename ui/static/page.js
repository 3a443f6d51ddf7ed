// What the other tabs need from the browser: clicks on our own markup become events of the page.

// Any button with data-do inside the element triggers the event of that name, with its data, in Python.
function forward(element, trigger) {
  element.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const question = button.dataset.ask;
    if (question && !(await confirmed(question, button.dataset.yes))) return;
    if (button.hasAttribute("aria-pressed")) press(element, button);
    trigger(button.dataset.do, { ...button.dataset });
  });
}

// One of a group is chosen.
function press(element, chosen) {
  for (const button of element.querySelectorAll("[aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
}

function confirmed(question, yes) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "ask-words");
  const words = document.createElement("p");
  words.id = "ask-words";
  words.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  for (const [value, label] of [["no", "Cancel"], ["yes", yes || "Yes"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = `pill ${value === "yes" ? "danger" : ""}`;
    form.append(button);
  }
  dialog.append(words, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// A card's clip plays while somebody looks at it.
function playOnLook(element) {
  const video = (event) => event.target.closest && event.target.closest(".face-card")?.querySelector("video");
  const play = (event) => {
    const clip = video(event);
    if (!clip) return;
    if (!clip.src) clip.src = clip.dataset.src;
    clip.closest(".face-card").classList.add("plays");
    clip.play().catch(() => {});
  };
  const rest = (event) => {
    const clip = video(event);
    const card = event.target.closest && event.target.closest(".face-card");
    if (!clip || (event.relatedTarget && card.contains(event.relatedTarget))) return;
    card.classList.remove("plays");
    clip.pause();
  };
  element.addEventListener("pointerover", play);
  element.addEventListener("pointerout", rest);
  element.addEventListener("focusin", play);
  element.addEventListener("focusout", rest);
}

window.chatanything = {
  call: null,
  buttons: forward,
  gallery(element, trigger) {
    forward(element, trigger);
    playOnLook(element);
    document.addEventListener("click", (event) => {
      for (const menu of element.querySelectorAll(".menu[open]")) menu.open = menu.contains(event.target);
    });
  },
  announce(element) {
    element.setAttribute("aria-live", "polite");
  },
  talk(element) {
    this.call = new Call(element.querySelector(".call"));
    if (this.next) this.call.show(this.next);
  },
  meet(order) {
    this.next = order;
    if (this.call) this.call.show(order);
  },
  leave() {
    if (this.call) this.call.hangUp();
  },
  // On a phone what was asked for appears below the fold.
  look(id) {
    document.getElementById(id)?.scrollIntoView({ behavior: "smooth", block: "nearest" });
  },
  lastReply() {
    return this.call ? this.call.lastReply : "";
  },
};
