/** Requests to the server that gave this page. */

import { askForToken, token } from './token.js';

/** What went wrong, in words for the person at the page. */
export class ApiError extends Error {
  /**
   * @param {string} title in a few words
   * @param {string} detail what was wrong and what would be right
   * @param {number} status of HTTP; 0: no answer came
   */
  constructor(title, detail, status) {
    super(title);
    Object.assign(this, { title, detail, status });
  }
}

async function send(path, options = {}) {
  for (;;) {
    const sent = token();
    const headers = sent ? { Authorization: `Bearer ${sent}` } : {};
    let response;
    try {
      response = await fetch(path, { ...options, headers, cache: 'no-store' });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw await noAnswer(options.body);
    }
    if (response.status === 401 && await askForToken(sent)) continue;
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function noAnswer(body) {
  const lives = await fetch('/health', { cache: 'no-store' }).then(response => response.ok, () => false);
  if (lives && body) return new ApiError('The server broke off the upload', 'A file may be larger than it takes, or has changed on your disk since you chose it. Nothing you entered is lost.', 0);
  if (lives) return new ApiError('The connection broke off', 'The server is there again. Nothing you entered is lost.', 0);
  return new ApiError('The server does not answer', 'It may have been stopped, or the network is down. Nothing you entered is lost: try again once it is back.', 0);
}

async function problem(response) {
  const said = await response.json().catch(() => ({}));
  const waits = Number(response.headers.get('Retry-After'));
  const [title, otherwise] = usual[response.status] ?? [`The server refused this (${response.status})`, ''];
  const detail = said.detail ?? otherwise;
  return new ApiError(title, waits ? `${detail} Try again in ${waits === 1 ? 'a second' : `${waits} seconds`}.`.trim() : detail, response.status);
}

// the standard's titles ("Unprocessable Content") say little to people
const usual = {
  400: ['The server could not read the request', ''],
  401: ['The server asks for an access token', 'Without it nothing can be shown or changed.'],
  403: ['The server does not allow this', ''],
  404: ['It is not there', 'It may have been deleted elsewhere.'],
  408: ['The upload took too long', ''],
  409: ['This does not go with what is there', ''],
  413: ['This is more than the server takes', ''],
  415: ['A file is of a kind that is not taken', ''],
  422: ['This could not be used', ''],
  429: ['The server is busy', 'It has more to do than it can at the moment.'],
  500: ['Something went wrong in the server', 'Its log says more.'],
  503: ['The server is stopping', ''],
};

const json = async (path, options) => (await send(path, options)).json();

const form = (fields, samples, field) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== null && value !== undefined && value !== '') body.append(name, value);
  for (const sample of samples) {
    if (sample.kind === 'text') body.append(field(sample), sample.text);
    else body.append(field(sample), sample.blob, sample.name);
  }
  return body;
};

const id = encodeURIComponent;

/** The models that can be taught. */
export const models = async () => (await json('/api/models')).models;

/** Summaries of the classifiers. */
export const classifiers = async () => (await json('/api/classifiers')).classifiers;

/** One classifier. */
export const classifier = which => json(`/api/classifiers/${id(which)}`);

/** Makes a classifier; samples are { kind, text | blob and name, concept }. */
export const create = (fields, samples, signal) => json('/api/classifiers', { method: 'POST', body: form(fields, samples, sample => `sample.${sample.concept}`), signal });

/** Adds samples, and adapts the classifier again. */
export const extend = (which, samples, signal) => json(`/api/classifiers/${id(which)}/samples`, { method: 'POST', body: form({}, samples, sample => `sample.${sample.concept}`), signal });

/** Takes a sample away, and adapts the classifier again. */
export const removeSample = (which, sample) => json(`/api/classifiers/${id(which)}/samples/${id(sample)}`, { method: 'DELETE' });

/** Deletes a classifier with its samples. */
export const remove = which => send(`/api/classifiers/${id(which)}`, { method: 'DELETE' });

/** Classifies samples, in their order. */
export const predict = async (which, samples, signal) => (await json(`/api/classifiers/${id(which)}/predict`, { method: 'POST', body: form({}, samples, () => 'input'), signal })).predictions;

/** The support samples on a plane. */
export const map = which => json(`/api/classifiers/${id(which)}/map`);

/** What a model's collection has that goes with a sample. */
export const retrieve = async (model, sample, signal) => (await json(`/api/models/${id(model)}/retrieve`, { method: 'POST', body: form({}, [sample], () => 'input'), signal })).results;

/** A sample as it was sent. */
export const media = async url => (await send(url)).blob();
