import { ApiError, notFound } from '@sallyport/model/errors';
import type { TokenNetwork } from '../api-tokens/token-network.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** The name of every service app, whatever its label. */
export const SERVICE_APP_NAME = 'oidc_client';

/** What `apps.body` holds of a service app. */
export interface ServiceAppSettings {
  /** Tokens are good only with a proof of the app's key (RFC 9449). */
  readonly isDpopBound: boolean;
  /** Where its keys are fetched from; null where they stand in the store. */
  readonly jwksUri: string | null;
  readonly network: TokenNetwork;
  /** Why a network setting lets it be used from anywhere; for people. */
  readonly networkReason: string | null;
  readonly protectedActions: 'all' | readonly string[];
}

export const serviceSettingsOf = (row: Pick<Row<'apps'>, 'body'>): ServiceAppSettings =>
  JSON.parse(row.body) as ServiceAppSettings;

/** E0000007 for what is no app; E0000001 for one that is no service app. */
export const findServiceApp = async (db: Transaction, id: string): Promise<Row<'apps'>> => {
  const row = await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'AppInstance');
  if (row.name !== SERVICE_APP_NAME) throw new ApiError('E0000227');
  return row;
};

/** Ends every access token of a service app, in the transaction of what takes its power. */
export const revokeTokensOfApp = (tx: Transaction, appId: string, at: number): Promise<unknown> =>
  tx
    .updateTable('accessTokens')
    .set({ revokedAt: at })
    .where('appId', '=', appId)
    .where('revokedAt', 'is', null)
    .execute();

/** Deletes tokens, and what was used once, that ended before an instant. */
export const deleteStaleTokens = async (tx: Transaction, before: number): Promise<void> => {
  await tx.deleteFrom('accessTokens').where('expiresAt', '<', before).execute();
  await tx.deleteFrom('usedJwts').where('expiresAt', '<', before).execute();
};
