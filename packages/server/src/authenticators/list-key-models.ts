import type { Services } from '../services.ts';

/** `GET /sallyport/v1/authenticators/models`: of keys that people have, and of those that administrators added. */
export const listKeyModels = async (s: Services) => {
  const rows = await s.store.read
    .selectFrom('factors')
    .select((e) => ['aaguid', 'isAttested', e.fn.countAll<number | string>().as('count')])
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .where('aaguid', 'is not', null)
    .groupBy(['aaguid', 'isAttested'])
    .execute();
  const custom = s.settings.get('customAaguids').models;
  const aaguids = [...new Set([...rows.map(({ aaguid }) => aaguid ?? ''), ...custom.map(({ aaguid }) => aaguid)])];
  const keysOf = (aaguid: string, isAttested: 0 | 1): number =>
    Number(rows.find((row) => row.aaguid === aaguid && row.isAttested === isAttested)?.count ?? 0);
  return {
    metadata: s.keyModels.describe(),
    models: aaguids.toSorted().map((aaguid) => {
      const model = s.keyModels.find(aaguid, custom);
      return {
        aaguid,
        name: model?.name ?? null,
        source: model?.source ?? null,
        hasRoots: (model?.roots.length ?? 0) > 0,
        isHardwareProtected: model?.isHardwareProtected ?? null,
        isFipsCompliant: model?.isFipsCompliant ?? null,
        isCompromised: model?.isCompromised ?? null,
        attestedKeys: keysOf(aaguid, 1),
        claimedKeys: keysOf(aaguid, 0),
      };
    }),
  };
};
