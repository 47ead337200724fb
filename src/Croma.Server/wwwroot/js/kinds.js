/** Kinds of samples: what they are called, and which files are of which. */

import { shortened } from './dom.js';

const kinds = {
  audio: { one: 'sound', many: 'sounds', accept: 'audio/*,.wav,.mp3,.flac,.ogg,.opus,.m4a,.aac', mime: /^audio\//, name: /\.(wav|mp3|flac|ogg|oga|opus|m4a|aac|wma|aif|aiff)$/i },
  image: { one: 'picture', many: 'pictures', accept: 'image/*,.ppm', mime: /^image\//, name: /\.(png|jpe?g|gif|bmp|webp|ppm)$/i },
  text: { one: 'text', many: 'texts', accept: 'text/plain,.txt', mime: /^text\/plain/, name: /\.txt$/i },
  features: { one: 'feature file', many: 'feature files', accept: '.npy,.json', mime: /^$/, name: /\.(npy|json)$/i },
};

const order = ['image', 'audio', 'text', 'features'];
const known = accepts => order.filter(kind => accepts.includes(kind));
const list = words => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** "sounds", "pictures or texts": files that a model takes; arrays only where it takes nothing that people see or hear. */
export const filesOf = accepts => list((accepts.some(kind => kind !== 'features') ? known(accepts).filter(kind => kind !== 'features') : known(accepts)).map(kind => kinds[kind].many));

/** The kinds as a file chooser wants them. */
export const acceptOf = accepts => known(accepts).map(kind => kinds[kind].accept).join(',');

/** A file's kind among those that are taken; null: none of them. */
export const kindOf = (file, accepts) => known(accepts).find(kind => kinds[kind].mime.test(file.type) || kinds[kind].name.test(file.name)) ?? null;

/** Bytes for people. */
export const bytes = number => number < 1 << 20 ? `${Math.max(1, Math.round(number / 1024))} kB` : `${(number / (1 << 20)).toFixed(number < 10 << 20 ? 1 : 0)} MB`;

/**
 * Sorts files into samples and what cannot be one.
 * @param {Iterable<File>} files
 * @param {string[]} accepts kinds that the model takes
 * @param {object} limits of the model
 * @returns {Promise<{samples: object[], refused: string[]}>} samples { id, kind, name, blob | text }; why others were left out
 */
export async function samplesOf(files, accepts, limits) {
  const samples = [];
  const refused = [];
  for (const file of files) {
    const kind = kindOf(file, accepts);
    const most = kind === 'text' ? limits.maxTextBytes : limits.maxFileBytes;
    if (!kind) refused.push(`${file.name} is not among the ${filesOf(accepts)} that this model takes.`);
    else if (file.size === 0) refused.push(`${file.name} is empty.`);
    else if (file.size > most) refused.push(`${file.name} has ${bytes(file.size)}; at most ${bytes(most)} are taken.`);
    else samples.push(kind === 'text' ? textSample(await file.text(), file.name) : fileSample(kind, file, file.name));
  }
  return { samples, refused };
}

let last = 0;

/** A sample of a file, a recording or a photograph. */
export const fileSample = (kind, blob, name) => ({ id: `new-${++last}`, kind, name, blob });

const LONGEST_NAME = 60;

/** A sample of text. */
export const textSample = (text, name = shortened(text, LONGEST_NAME)) => ({ id: `new-${++last}`, kind: 'text', name, text });
