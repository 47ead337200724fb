/** Recording sounds as WAV files of one channel and 16 bits. */

import { h, announce } from './dom.js';
import { icon } from './icons.js';
import { fileSample } from './kinds.js';

/** Whether this browser, on this address, can record. */
export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.AudioContext && window.AudioWorkletNode);

const SHORTEST = .2;
let recordings = 0;
let current = null;

/**
 * A button that starts and ends a recording.
 * @param {number} longest seconds after which it ends by itself
 * @param {function} done given the sample
 * @param {function} failed given what was wrong
 */
export function recordButton(longest, done, failed) {
  const said = h('span', null, 'Record');
  const level = h('span.level', { 'aria-hidden': 'true', hidden: true }, h('span'));
  const button = h('button.small.record', { type: 'button', click: toggle }, icon('microphone'), said, level);
  let recording = null;

  async function toggle() {
    if (recording) return end();
    if (button.getAttribute('aria-busy')) return undefined;
    current?.();
    button.setAttribute('aria-busy', 'true');
    try {
      recording = await start(tick);
      current = end;
      button.classList.add('on');
      button.firstChild.replaceWith(icon('stop'));
      level.hidden = false;
      tick(0, 0);
      announce('Recording. Press again to end it.');
    } catch (error) {
      failed(refusal(error));
    } finally {
      button.removeAttribute('aria-busy');
    }
    return undefined;
  }

  function tick(seconds, loudness) {
    said.textContent = `Stop (${seconds.toFixed(0)} s)`;
    level.firstChild.style.setProperty('--loud', Math.min(1, 3 * loudness).toFixed(2));
    if (seconds >= longest || !button.isConnected) end();
  }

  function end() {
    if (!recording) return;
    const { seconds, blob } = recording.end();
    recording = current = null;
    button.classList.remove('on');
    button.firstChild.replaceWith(icon('microphone'));
    said.textContent = 'Record';
    level.hidden = true;
    if (seconds < SHORTEST) failed({ title: 'The recording is too short', detail: 'Press Record, make the sound, then press Stop.' });
    else {
      announce(`Recorded ${seconds.toFixed(1)} seconds.`);
      done(fileSample('audio', blob, `Recording ${++recordings}.wav`));
    }
  }
  return button;
}

async function start(tick) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true } });
  const context = new AudioContext();
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    context.close();
  };
  try {
    await context.audioWorklet.addModule('js/recorder-worklet.js');
  } catch (error) {
    release();
    throw error;
  }
  const node = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
  const blocks = [];
  let length = 0;
  let loudness = 0;
  node.port.onmessage = ({ data }) => {
    blocks.push(data);
    length += data.length;
    loudness = Math.max(loudness * .97, ...data.map(Math.abs));
    if (blocks.length % 16 === 0) tick(length / context.sampleRate, loudness);
  };
  context.createMediaStreamSource(stream).connect(node);
  return {
    end() {
      node.port.onmessage = null;
      const { sampleRate } = context;
      release();
      return { seconds: length / sampleRate, blob: wav(blocks, length, sampleRate) };
    },
  };
}

/** A WAV file of 16-bit samples. */
function wav(blocks, length, rate) {
  const HEADER = 44;
  const view = new DataView(new ArrayBuffer(HEADER + 2 * length));
  const ascii = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  ascii(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + 2 * length, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, 2 * length, true);
  let at = HEADER;
  for (const block of blocks)
    for (const value of block) {
      view.setInt16(at, Math.max(-1, Math.min(1, value)) * 0x7fff, true);
      at += 2;
    }
  return new Blob([view.buffer], { type: 'audio/wav' });
}

/** Why a microphone or camera cannot be had, in words. */
export function refusal(error, device = 'microphone') {
  if (error.name === 'NotAllowedError') return { title: `The browser may not use the ${device}`, detail: `Allow this page to use it (beside the address), then try again. Files can be chosen all the same.` };
  if (error.name === 'NotFoundError') return { title: `There is no ${device}`, detail: 'Connect one, or choose files instead.' };
  if (error.name === 'NotReadableError') return { title: `The ${device} cannot be used`, detail: 'Another program may be using it.' };
  return { title: `The ${device} does not work`, detail: error.message };
}
