import { ApiError } from '@sallyport/model/errors';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';

/** E0000006 with why somebody may not ask or decide, or why there is nothing to decide any more. */
export const refusedRequest = (reason: Reason): ApiError =>
  new ApiError('E0000006', {
    causes: [sentenceOf(reason)],
    detail: reason,
    extra: { sallyport: { kind: 'request_refused', reason } },
  });
