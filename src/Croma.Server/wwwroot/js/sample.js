/** Showing one sample: a picture, a sound, a text, or a file's name. */

import { h } from './dom.js';
import { icon } from './icons.js';
import { media } from './api.js';
import { soundPlayer } from './audio.js';
import { bytes } from './kinds.js';

const TALLEST = 480;
const kept = new Map();

/** The content of a sample that is here or at the server; fetched once. */
function content(sample) {
  if (sample.blob) return Promise.resolve(sample.blob);
  if (!sample.mediaUrl) return Promise.reject(new Error('nothing to show'));
  if (!kept.has(sample.mediaUrl)) {
    const coming = media(sample.mediaUrl);
    coming.catch(() => kept.delete(sample.mediaUrl));
    kept.set(sample.mediaUrl, coming);
  }
  return kept.get(sample.mediaUrl);
}

/** The sample's view: { id, name, kind, and blob, text or mediaUrl }. */
export function sampleView(sample) {
  if (sample.kind === 'image') return picture(sample);
  if (sample.kind === 'audio') return soundPlayer(content(sample), sample.name);
  if (sample.kind === 'text') return quotation(sample);
  return h('span.file', null, icon('file'), sample.blob && h('span.note', null, bytes(sample.blob.size)));
}

function quotation(sample) {
  const quote = h('q.text', null, sample.text ?? sample.name);
  if (sample.text === undefined && sample.mediaUrl) content(sample).then(blob => blob.text()).then(text => { quote.textContent = text; }, () => {});
  return quote;
}

function picture(sample) {
  const canvas = h('canvas.picture', { role: 'img', 'aria-label': sample.name, width: 4, height: 3 });
  const frame = h('div.frame', null, canvas);
  content(sample).then(blob => createImageBitmap(blob)).then(bitmap => {
    const scale = Math.min(1, TALLEST / bitmap.height);
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  }).catch(() => frame.replaceChildren(h('span.file', null, icon('file'), h('span.note', null, 'cannot be shown here'))));
  return frame;
}

/** What to call a sample that may have no kind of its own: that of its media's type. */
export async function withKind(sample) {
  if (sample.kind || !sample.mediaUrl) return { kind: sample.text === undefined ? 'features' : 'text', ...sample };
  const blob = await content(sample);
  const kind = /^(image|audio|text)\//.exec(blob.type)?.[1] ?? 'features';
  return { ...sample, kind, blob };
}

/** A sample in a list, with a button that takes it away where that can be done. */
export function sampleTile(sample, remove) {
  const tile = h(`li.tile.${sample.kind}`, null, sampleView(sample),
    sample.kind === 'text' || sample.kind === 'audio' ? null : h('span.name', { title: sample.name }, sample.name),
    remove && h('button.only.quiet.away', { type: 'button', 'aria-label': `Remove ${sample.name}`, click: () => leave(tile, () => remove(sample)) }, icon('close')));
  return tile;
}

// the focus goes on to the next sample, the one before or what the list offers to add with
function leave(tile, remove) {
  const near = (tile.nextElementSibling ?? tile.previousElementSibling)?.querySelector('.away') ?? tile.closest('.concept')?.querySelector('.drop');
  remove();
  near?.focus();
}
