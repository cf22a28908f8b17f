"use strict";
// The page works without this file. With it the photo stays in view and faces are marked in it.

const MAX_BYTES = 12 * 1024 * 1024; // the server's limit; asking here saves sending in vain

document.documentElement.classList.add("js");

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text; // never as HTML: names come from visitors
  return made;
}

function photoOf(form) {
  const inputs = [...form.querySelectorAll("input[type=file]")];
  return inputs.map((input) => input.files[0]).find(Boolean);
}

function showChoice(form, input) {
  for (const other of form.querySelectorAll("input[type=file]")) {
    if (other !== input) other.value = ""; // the photo chosen last is the one that is meant
  }
  const line = form.querySelector(".chosen");
  const photo = photoOf(form);
  line.hidden = !photo;
  line.textContent = photo ? photo.name : "";
}

function mark(picture, width, height, box, label) {
  const face = element("div", "face");
  face.style.left = `${(100 * box.left) / width}%`;
  face.style.top = `${(100 * box.top) / height}%`;
  face.style.width = `${(100 * (box.right - box.left)) / width}%`;
  face.style.height = `${(100 * (box.bottom - box.top)) / height}%`;
  face.append(element("span", "", label));
  picture.append(face);
}

function pictureOf(photo) {
  const picture = element("figure", "picture");
  const image = new Image();
  image.alt = "The photo that was sent";
  image.onload = () => URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(photo);
  picture.append(image);
  return picture;
}

function recognised(result, answer, photo) {
  const picture = pictureOf(photo);
  const list = element("ul", "found");
  for (const face of answer.faces) {
    mark(picture, answer.width, answer.height, face.box, face.person ? face.person.name : "?");
    const line = element("li", "");
    line.append(element(face.person ? "strong" : "em", "", face.person ? face.person.name : "Nobody we know"));
    if (face.person) line.append(" ", element("small", "", `distance ${face.distance.toFixed(2)}`));
    list.append(line);
  }
  result.replaceChildren(picture, list);
}

async function send(form, photo) {
  if (!photo) throw new Error("Take or choose a photo first.");
  if (photo.size > MAX_BYTES) throw new Error("The photo is larger than 12 MB.");
  const body = new FormData(form);
  body.delete("photo");
  body.append("photo", photo);
  const response = await fetch(form.dataset.api, { method: "POST", body }).catch(() => {
    throw new Error("The server could not be reached.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ? answer.error.message : `The server answered ${response.status}.`);
  return answer;
}

async function refreshPeople() {
  const response = await fetch(location.pathname.replace(/(enrol|recognise)$/, ""));
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  document.querySelector(".people").replaceWith(fresh.querySelector(".people"));
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const result = form.querySelector(".result");
  const button = form.querySelector(":scope > button");
  const photo = photoOf(form);
  button.disabled = true;
  result.replaceChildren(element("p", "message", "Looking…"));
  try {
    const answer = await send(form, photo);
    if (answer.faces) return recognised(result, answer, photo);
    result.replaceChildren(element("p", "message good", `${answer.person.name} is enrolled.`));
    form.reset();
    form.querySelector(".chosen").hidden = true;
    await refreshPeople();
  } catch (error) {
    result.replaceChildren(element("p", "message bad", error.message));
  } finally {
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-api]")) {
  form.addEventListener("submit", submit);
  form.addEventListener("change", (event) => event.target.type === "file" && showChoice(form, event.target));
}
