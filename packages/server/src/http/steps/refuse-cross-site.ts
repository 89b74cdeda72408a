import { ApiError } from '@sallyport/model/errors';
import type { Step } from '../exchange.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * CSRF (design §5.1): an unsafe request by cookie is refused if `Sec-Fetch-Site` is present and is not `same-origin` or
 * `none`, or if `Origin` is present and foreign. Login CSRF is covered too: sign-in routes set a cookie.
 */
export const refuseCrossSite: Step = {
  name: 'refuse-cross-site',
  run({ request, services }) {
    // No page can make a browser add this header, and no cookie counts beside it.
    if (SAFE_METHODS.has(request.method) || request.headers.authorization !== undefined) return;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new ApiError('E0000212', { detail: `Sec-Fetch-Site ${String(site).slice(0, 40)}` });
    const { origin, host } = request.headers;
    if (origin === undefined || origin === services.config.publicUrl.origin) return;
    // Behind a loopback name that the host step let pass, the page's own origin is that name.
    if (services.config.publicUrl.protocol === 'http:' && origin === `http://${host}`) return;
    throw new ApiError('E0000212', { detail: `Origin ${origin.slice(0, 200)}` });
  },
};
