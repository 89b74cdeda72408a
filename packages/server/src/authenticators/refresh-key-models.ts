import type { CustomAaguid } from '@sallyport/model/authenticator-settings';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { type KeyModel, modelColumns } from './key-models.ts';

/**
 * Looks at every key that showed certificates again, with the models that are known now: what it proved at registration
 * is kept, so that a newer metadata file counts without anybody registering again.
 */
export const refreshKeyModels = async (
  s: Pick<Services, 'keyModels'>,
  tx: Transaction,
  custom: readonly CustomAaguid[],
): Promise<void> => {
  const rows = await tx
    .selectFrom('factors')
    .selectAll()
    .where('attestationChain', 'is not', null)
    .orderBy('id')
    .execute();
  const models = new Map<string, KeyModel | null>();
  const modelOf = (aaguid: string): KeyModel | null => {
    if (!models.has(aaguid)) models.set(aaguid, s.keyModels.find(aaguid, custom));
    return models.get(aaguid) ?? null;
  };
  for (const row of rows) {
    const chain = JSON.parse(row.attestationChain ?? '[]') as readonly string[];
    const next = modelColumns(modelOf(row.aaguid ?? ''), chain, row.createdAt);
    const isChanged = Object.entries(next).some(([column, value]) => row[column as keyof typeof next] !== value);
    if (isChanged) await tx.updateTable('factors').set(next).where('id', '=', row.id).execute();
  }
};

/** Reads the metadata file when it changed, and what it says of the keys there are. At start and by the job. */
export const reloadKeyModels = async (s: Pick<Services, 'keyModels' | 'store' | 'settings'>): Promise<void> => {
  if (await s.keyModels.reload())
    await s.store.transaction((tx) => refreshKeyModels(s, tx, s.settings.get('customAaguids').models));
};
