import { createHmac } from 'node:crypto';
import { GROUP_VERSION, type Notice, type Release } from '../../crds/index.ts';
import type { Receiver } from './receiver.ts';

/** Whom a notice is about. */
export type Subject = Pick<Release['metadata'], 'name' | 'namespace' | 'uid'>;

/** What is posted. */
export interface Message {
  headers: Record<string, string>;
  body: string;
}

/** The same each time that a notice is sent, even after a restart, and of no other notice: receivers can recognise a repetition by it. */
export function noticeId({ uid }: Pick<Subject, 'uid'>, { occasion, at }: Pick<Notice, 'occasion' | 'at'>): string {
  return `${uid}-${occasion}-${Date.parse(at)}`;
}

/** The message for a receiver, signed as of now where its format has signatures. */
export function messageFor(
  receiver: Pick<Receiver, 'format' | 'signingKeys'>,
  subject: Subject,
  notice: Notice,
  now: Date,
): Message {
  switch (receiver.format) {
    case 'CloudEvents':
      return signed(receiver.signingKeys, noticeId(subject, notice), cloudEvent(subject, notice), now);
    case 'Slack':
      return { headers: JSON_TYPE, body: JSON.stringify(slackMessage(subject, notice)) };
    case 'Teams':
      return { headers: JSON_TYPE, body: JSON.stringify(teamsMessage(subject, notice)) };
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA-256 of id, time and body, with each of the keys. */
function signed(keys: readonly Buffer[], id: string, body: string, now: Date): Message {
  const timestamp = Math.floor(now.getTime() / 1000);
  const signatures = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'));
  return {
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
    },
    body,
  };
}

/** CloudEvents 1.0, in structured mode. */
function cloudEvent(subject: Subject, notice: Notice): string {
  const { namespace, name, uid } = subject;
  const { occasion, at, ...told } = notice;
  return JSON.stringify({
    specversion: '1.0',
    id: noticeId(subject, notice),
    source: `/apis/${GROUP_VERSION}/namespaces/${namespace}/releases/${name}`,
    type: `dev.coxswain.release.${occasion.toLowerCase()}`,
    time: at,
    datacontenttype: 'application/json',
    data: { namespace, release: name, uid, occasion, ...told },
  });
}

const TITLES: Record<Notice['occasion'], string> = {
  Ready: 'is ready',
  Red: 'is Red',
  Stalled: 'needs somebody',
  Recovered: 'has recovered',
  RolledBack: 'was rolled back',
  ApprovalAwaited: 'waits for approval',
};

function titleOf({ namespace, name }: Subject, { occasion }: Notice): string {
  return `${namespace}/${name} ${TITLES[occasion]}`;
}

function factsOf({ version, chart, health, reason }: Notice): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['Version', version === undefined ? undefined : String(version)],
    ['Chart', chart],
    ['Health', health],
    ['Reason', reason],
  ];
  return facts.flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact] as [string, string]]));
}

/** Plain text, in which a message can neither mention anybody nor pass for a link; only `text`, for previews, needs escapes. */
function slackMessage(subject: Subject, notice: Notice): object {
  const title = titleOf(subject, notice);
  const facts = factsOf(notice).map(([name, fact]) => `${name}: ${fact}`);
  const plain = (text: string): object => ({ type: 'plain_text', text, emoji: false });
  return {
    text: `${title}: ${notice.message}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [
      { type: 'header', text: plain(title.slice(0, 150)) },
      { type: 'section', text: plain(notice.message === '' ? notice.reason : notice.message) },
      { type: 'context', elements: [plain(facts.join(' · '))] },
    ],
  };
}

const COLOURS: Record<Notice['occasion'], string> = {
  Ready: 'Good',
  Red: 'Attention',
  Stalled: 'Attention',
  Recovered: 'Good',
  RolledBack: 'Warning',
  ApprovalAwaited: 'Warning',
};

/** An adaptive card, as workflows of Teams take it; its runs of text, unlike blocks, know no markdown. */
function teamsMessage(subject: Subject, notice: Notice): object {
  const text = (words: string, more: object = {}): object => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: words, ...more }],
  });
  const facts = factsOf(notice).map(([name, fact]) => `${name}: ${fact}`);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      text(titleOf(subject, notice), { weight: 'Bolder', size: 'Medium', color: COLOURS[notice.occasion] }),
      text(notice.message === '' ? notice.reason : notice.message),
      text(facts.join(' · '), { isSubtle: true }),
    ],
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}
