import { invalid } from '@sallyport/model/errors';

const FIELD = 'settings.app.externalUrl';

/** Names that never leave the machine; browsers treat them as secure over plain http. */
export const isLoopbackName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]';

/**
 * The origin under which browsers reach an app. It must be https, except on loopback, and a host name that no other
 * door has: cookies do not know ports, so that an app beside us under the same name would be sent our session cookie.
 */
export const readExternalUrl = (text: string, publicUrl: URL): URL => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw invalid(FIELD, 'must be a URL, for example https://admin.example.org');
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw invalid(FIELD, 'must be scheme, host and port alone, without a path');
  if (url.hostname.endsWith('.') || url.hostname.includes('*')) throw invalid(FIELD, 'must name one host');
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname))
    throw invalid(FIELD, 'must be https: a session cookie over plain http can be read on the way');
  if (url.hostname === publicUrl.hostname)
    throw invalid(FIELD, 'is the host of this server: cookies do not know ports, and the app would be sent ours');
  return url;
};
