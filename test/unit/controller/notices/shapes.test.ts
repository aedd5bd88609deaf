import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { messageFor, noticeId } from '../../../../controller/notices/shapes.ts';
import { OCCASIONS, type Notice } from '../../../../crds/index.ts';

const WEB = { name: 'web', namespace: 'shop', uid: 'c0ffee' };
const NOW = new Date('2026-01-02T04:00:00.900Z');
const NOTICE: Notice = {
  occasion: 'Red',
  at: '2026-01-02T03:04:05.678Z',
  version: 3,
  chart: 'web-1.0.0',
  health: 'Red',
  reason: 'Unhealthy',
  message: 'Deployment/web: <!channel> [free](https://example.com) & more',
};

test('the id of a notice is the same whenever it is sent, and unique', () => {
  expect(noticeId(WEB, NOTICE)).toBe('c0ffee-Red-1767323045678');
  const others = [
    noticeId({ uid: 'other' }, NOTICE),
    ...OCCASIONS.map((occasion) => noticeId(WEB, { occasion, at: NOW.toISOString() })),
  ];
  expect(new Set([noticeId(WEB, NOTICE), ...others]).size).toBe(8);
});

describe('a CloudEvent', () => {
  const keys = [Buffer.from('first'), Buffer.from('second')];
  const { headers, body } = messageFor({ format: 'CloudEvents', signingKeys: keys }, WEB, NOTICE, NOW);

  test('has the attributes of version 1.0, and the occasion as data', () => {
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id: 'c0ffee-Red-1767323045678',
      source: '/apis/coxswain.dev/v1alpha1/namespaces/shop/releases/web',
      type: 'dev.coxswain.release.red',
      time: NOTICE.at,
      datacontenttype: 'application/json',
      data: {
        namespace: 'shop',
        release: 'web',
        uid: 'c0ffee',
        occasion: 'Red',
        version: 3,
        chart: 'web-1.0.0',
        health: 'Red',
        reason: 'Unhealthy',
        message: NOTICE.message,
      },
    });
  });

  test('is signed with each key, as of the time of sending', () => {
    const id = 'c0ffee-Red-1767323045678';
    const time = String(Date.parse('2026-01-02T04:00:00Z') / 1000);
    expect(headers).toMatchObject({ 'webhook-id': id, 'webhook-timestamp': time });
    const signatures = keys.map((key) => createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64'));
    expect(headers['webhook-signature']).toBe(signatures.map((signature) => `v1,${signature}`).join(' '));
  });
});

test('a message for Slack mentions nobody and has no links', () => {
  const { body } = messageFor({ format: 'Slack', signingKeys: [] }, WEB, NOTICE, NOW);
  const { text, blocks } = JSON.parse(body) as {
    text: string;
    blocks: { type: string; text?: object; elements?: object[] }[];
  };
  expect(text).toBe('shop/web is Red: Deployment/web: &lt;!channel&gt; [free](https://example.com) &amp; more');
  expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'context']);
  for (const { text: of, elements = [of] } of blocks) expect(elements).toMatchObject([{ type: 'plain_text' }]);
  expect(blocks[1]?.text).toMatchObject({ text: NOTICE.message });
});

test('a message for Teams is an adaptive card of plain text', () => {
  const { body } = messageFor({ format: 'Teams', signingKeys: [] }, WEB, NOTICE, NOW);
  const { type, attachments } = JSON.parse(body) as {
    type: string;
    attachments: { contentType: string; content: Card }[];
  };
  expect(type).toBe('message');
  expect(attachments).toHaveLength(1);
  expect(attachments[0]).toMatchObject({ contentType: 'application/vnd.microsoft.card.adaptive' });
  const lines = attachments[0]?.content.body ?? [];
  expect(lines.map((line) => line.type)).toEqual(['RichTextBlock', 'RichTextBlock', 'RichTextBlock']);
  const texts = lines.map(({ inlines: [run] }) => run?.text);
  expect(texts).toEqual([
    'shop/web is Red',
    NOTICE.message,
    'Version: 3 · Chart: web-1.0.0 · Health: Red · Reason: Unhealthy',
  ]);
});

interface Card {
  body: { type: string; inlines: { text: string }[] }[];
}

test.each(OCCASIONS)('%s can be sent in every format, also without a message', (occasion) => {
  const notice: Notice = { occasion, at: NOTICE.at, reason: 'Progressing', message: '' };
  for (const format of ['Slack', 'Teams'] as const) {
    const { body } = messageFor({ format, signingKeys: [] }, WEB, notice, NOW);
    expect(body).toContain('shop/web ');
    expect(body).not.toContain('"text":""');
  }
});
