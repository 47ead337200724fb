/** Hearing sounds and seeing their shape; through Web Audio, so that no media address leaves the page's policy. */

import { h, s } from './dom.js';
import { icon } from './icons.js';

const BARS = 40;
const HEIGHT = 32;
let context = null;
let playing = null;

const decode = async blob => new OfflineAudioContext(1, 1, 44100).decodeAudioData(await blob.arrayBuffer());

function outline(buffer) {
  const samples = buffer.getChannelData(0);
  const peaks = Array.from({ length: BARS }, (_, bar) => {
    let peak = 0;
    const end = Math.floor((bar + 1) * samples.length / BARS);
    for (let i = Math.floor(bar * samples.length / BARS); i < end; i += 4) peak = Math.max(peak, Math.abs(samples[i]));
    return peak;
  });
  const loudest = Math.max(...peaks, 1e-4);
  return peaks.map((peak, bar) => {
    const half = Math.max(.8, peak / loudest * (HEIGHT / 2 - 1));
    return `M${bar * 3 + 1.5} ${(HEIGHT / 2 - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
  }).join('');
}

/**
 * A button that plays a sound, its outline and its length.
 * @param {Promise<Blob>} source the sound's file
 * @param {string} name what it is called
 */
export function soundPlayer(source, name) {
  const button = h('button.only.quiet', { type: 'button', 'aria-label': `Play ${name}`, 'aria-disabled': 'true', click: toggle }, icon('play'));
  const path = s('path');
  const length = h('span.number');
  const element = h('div.sound', null, button, h('div.body', null,
    s('svg.wave', { viewBox: `0 0 ${BARS * 3} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, path),
    h('div.caption', null, h('span.name', { title: name }, name), length)));
  let buffer = null;
  source.then(decode).then(decoded => {
    buffer = decoded;
    path.setAttribute('d', outline(buffer));
    length.textContent = `${buffer.duration.toFixed(1)} s`;
    button.removeAttribute('aria-disabled');
  }).catch(() => {
    length.textContent = 'cannot be played here';
    element.classList.add('mute');
  });

  function stopped() {
    playing = null;
    element.classList.remove('playing');
    button.replaceChildren(icon('play'));
    button.setAttribute('aria-label', `Play ${name}`);
  }

  async function toggle() {
    if (!buffer) return;
    const mine = playing?.element === element;
    playing?.node.stop();
    playing?.stopped();
    if (mine) return;
    context ??= new AudioContext();
    const node = new AudioBufferSourceNode(context, { buffer });
    node.connect(context.destination);
    playing = { element, node, stopped };
    node.onended = () => { if (playing?.node === node) stopped(); };
    element.classList.add('playing');
    button.replaceChildren(icon('stop'));
    button.setAttribute('aria-label', `Stop ${name}`);
    await context.resume();
    node.start();
  }
  return element;
}
