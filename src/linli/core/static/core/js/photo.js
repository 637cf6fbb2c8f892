/** Photos of a form: previews, taking one out again, and making them smaller before they are sent.
 *
 * Enhances the part `[data-photo]` around `<input type="file" multiple>`; its `data-max` says how many (6 unless told).
 */
import { say } from "./words.js";

const LONGEST_SIDE = 2000; // pixels
const QUALITY = 0.85;
const MOST = 6;

/** Draw a photo no larger than needed, as JPEG; drawing also leaves behind where it was taken. */
async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

class PhotoField {
  constructor(root) {
    this.input = root.querySelector('input[type="file"]');
    this.list = root.querySelector("[data-photo-list]");
    this.told = root.querySelector("[data-photo-told]");
    this.add = root.querySelector(".l-photo-add");
    this.most = this.input.multiple ? Number(this.input.dataset.max ?? MOST) : 1;
    this.photos = [];
    root.classList.add("l-photo-ready");
    this.tell(say("photoLimit", { count: this.most }));
    this.input.addEventListener("change", () => this.take([...this.input.files]));
  }

  tell(text) {
    this.told.textContent = text;
  }

  async take(files) {
    let told = say("photoLimit", { count: this.most });
    for (const file of files.slice(0, this.most - this.photos.length)) {
      try {
        this.photos.push(await shrink(file));
      } catch {
        told = say("photoUnreadable");
      }
    }
    this.tell(told);
    this.show();
  }

  remove(photo) {
    this.photos = this.photos.filter((kept) => kept !== photo);
    this.show();
    this.input.focus();
  }

  show() {
    const chosen = new DataTransfer();
    for (const photo of this.photos) chosen.items.add(photo);
    this.input.files = chosen.files;
    for (const picture of this.list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    this.list.replaceChildren(...this.photos.map((photo, at) => this.preview(photo, at + 1)));
    this.add.hidden = this.photos.length >= this.most;
  }

  preview(photo, number) {
    const item = document.createElement("li");
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(photo);
    picture.alt = say("photoName", { number });
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", say("photoRemove", { number }));
    button.addEventListener("click", () => this.remove(photo));
    item.append(picture, button);
    return item;
  }
}

/** Dress every part that was not dressed before. */
function find(root) {
  for (const part of root.querySelectorAll("[data-photo]:not(.l-photo-ready)")) new PhotoField(part);
}

// Forms of steps come into the page later, in dialogs.
document.addEventListener("htmx:afterSwap", (event) => find(event.detail.target));
find(document);
