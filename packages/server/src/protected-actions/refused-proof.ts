import { ApiError } from '@sallyport/model/errors';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';

/** E0000092 for a proof that does not count: nothing was changed, and the caller reads why. */
export const refusedProof = (reason: Reason, more: { readonly triesLeft?: number } = {}): ApiError =>
  new ApiError('E0000092', {
    causes: [sentenceOf(reason)],
    detail: reason,
    extra: { sallyport: { kind: 'proof_refused', reason, ...more } },
  });
