import { describe, expect, it } from 'vitest';
import { addressOf, curlFor, type Operation, operationsOf, readBody } from './operation.ts';

const operation: Operation = {
  operationId: 'zones.get',
  tags: ['zones'],
  summary: 'A zone',
  method: 'GET',
  path: '/api/v1/zones/{zoneId}',
  parameters: [
    { name: 'zoneId', in: 'path', required: true, schema: {} },
    { name: 'q', in: 'query', required: false, schema: {} },
  ],
  'x-sallyport-permission': 'okta.networkZones.read',
};

describe('an operation of the document', () => {
  it('has its method and path', () => {
    const { method: _, path, ...described } = operation;
    expect(operationsOf({ paths: { [path]: { get: described } } })).toEqual([operation]);
  });
  it.each([
    [{}, '/api/v1/zones/{zoneId}'],
    [{ zoneId: 'nzo1' }, '/api/v1/zones/nzo1'],
    // What is typed stays in its place.
    [{ zoneId: '../users?x=1#y', q: 'a&b' }, '/api/v1/zones/..%2Fusers%3Fx%3D1%23y?q=a%26b'],
  ])('is sent with %j to %s', (values, address) => {
    expect(addressOf(operation, values)).toBe(address);
  });
  it.each([
    ['', true, undefined],
    ['{"a":1}', true, { a: 1 }],
    ['{a:1}', false, undefined],
  ])('reads the body %s', (text, isGood, value) => {
    expect(readBody(text)).toEqual({ isGood, value });
  });
  it('is a line for a shell that nothing typed breaks out of', () => {
    expect(curlFor('POST', 'https://x.example/a', { name: "it's; rm -rf" })).toBe(
      `curl -sS -X POST -H "Authorization: SSWS $SALLYPORT_TOKEN" -H 'Content-Type: application/json' -d '{"name":"it'\\''s; rm -rf"}' 'https://x.example/a'`,
    );
  });
});
