import { ApiError } from '@sallyport/model/errors';
import { describe, expect, it } from 'vitest';
import { readExternalUrl } from './external-url.ts';

const PUBLIC = new URL('https://sallyport.example.org');
const causeOf = (text: string, publicUrl = PUBLIC): string => {
  try {
    return readExternalUrl(text, publicUrl).origin;
  } catch (error) {
    return error instanceof ApiError ? (error.options.causes?.[0] ?? '') : String(error);
  }
};

describe('readExternalUrl', () => {
  it('takes an https origin, and plain http on loopback', () => {
    expect(causeOf('https://admin.example.org')).toBe('https://admin.example.org');
    expect(causeOf('https://ADMIN.example.org:8443/')).toBe('https://admin.example.org:8443');
    expect(causeOf('http://grafana.localhost:8081')).toBe('http://grafana.localhost:8081');
  });
  it.each([
    ['http://admin.example.org', /must be https/],
    ['http://localhost.example.org', /must be https/],
    ['https://admin.example.org/path', /without a path/],
    ['https://admin.example.org/?a', /without a path/],
    ['https://user:secret@admin.example.org', /without a path/],
    ['https://*.example.org', /one host/],
    ['https://admin.example.org.', /one host/],
    ['admin.example.org', /must be a URL/],
    ['javascript:alert(1)', /must be a URL/],
    ['ftp://admin.example.org', /must be a URL/],
    ['https://sallyport.example.org:8443', /host of this server/],
  ])('refuses %s', (text, cause) => {
    expect(causeOf(text)).toMatch(cause);
  });
  it('does not share the name localhost with us, whatever the port: cookies do not know ports', () => {
    expect(causeOf('http://localhost:8081', new URL('http://localhost:7070'))).toMatch(/host of this server/);
  });
});
