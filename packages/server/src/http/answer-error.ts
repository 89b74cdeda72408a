import { ApiError, summaryOf } from '@sallyport/model/errors';
import { OAuthError } from '@sallyport/model/oauth-error';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** The error envelope of the wire. A bare 401 says nothing but its code: a thief learns nothing from it. */
const envelope = (error: ApiError, errorId: string) => ({
  errorCode: error.code,
  errorSummary: summaryOf(error.code, error.options.args ?? []),
  errorLink: error.code,
  errorId,
  errorCauses: (error.options.causes ?? []).map((errorSummary) => ({ errorSummary })),
});

const asApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('E0000234', { cause: error });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('E0000021', { cause: error });
  if (statusCode === 400) return new ApiError('E0000003', { cause: error });
  return new ApiError('E0000009', { cause: error });
};

/** The only place where an error becomes an answer. Unknown ones are logged whole and shown as E0000009. */
export const answerError = (error: unknown, reply: FastifyReply, errorId: string, logger: Logger): FastifyReply => {
  if (error instanceof OAuthError) {
    logger.info({ oauthError: error.code, errorId, detail: error.detail }, 'request refused');
    return reply
      .headers({ 'Cache-Control': 'no-store', ...error.headers })
      .code(error.status)
      .type('application/json')
      .send({ error: error.code, error_description: error.description });
  }
  const known = asApiError(error);
  if (known.status >= 500) logger.error({ err: error, errorId }, 'request failed');
  else logger.info({ errorCode: known.code, errorId, detail: known.options.detail }, 'request refused');
  if (known.options.headers !== undefined) reply.headers({ ...known.options.headers });
  reply.headers({ 'Cache-Control': 'no-store' });
  return reply
    .code(known.status)
    .type('application/json')
    .send({ ...envelope(known, errorId), ...known.options.extra });
};
