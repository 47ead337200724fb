/** Taking photographs, as many as wanted while the window is open. */

import { h, announce, count } from './dom.js';
import { icon } from './icons.js';
import { fileSample } from './kinds.js';
import { refusal } from './microphone.js';

/** Whether this browser, on this address, has a camera to offer. */
export const canPhotograph = () => Boolean(navigator.mediaDevices?.getUserMedia);

const QUALITY = .92;
let photos = 0;

/** A button that opens the camera; `done` is given each photograph, `failed` what was wrong. */
export const cameraButton = (done, failed) => h('button.small', { type: 'button', click: () => open(done).catch(error => failed(refusal(error, 'camera'))) }, icon('camera'), 'Camera');

async function open(done) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1024 } } });
  const video = h('video', { playsinline: true, muted: true, 'aria-label': 'What the camera sees' });
  const taken = h('p.note', { role: 'status' }, 'None taken yet');
  let number = 0;
  const dialog = h('dialog', { 'aria-labelledby': 'camera-title' },
    h('h2', { id: 'camera-title' }, 'Camera'), video, taken,
    h('div.row.end', null,
      h('button', { type: 'button', click: () => dialog.close() }, 'Done'),
      h('button.primary', { type: 'button', autofocus: true, click: take }, icon('camera'), 'Take a picture')));
  dialog.addEventListener('close', () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  video.muted = true;
  video.srcObject = stream;
  document.body.append(dialog);
  dialog.showModal();
  await video.play();

  async function take() {
    if (!video.videoWidth) return;
    const canvas = h('canvas', { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext('2d').drawImage(video, 0, 0);
    const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    done(fileSample('image', blob, `Photo ${++photos}.jpg`));
    taken.textContent = `${count(++number, 'picture')} taken`;
    announce(taken.textContent);
  }
}
