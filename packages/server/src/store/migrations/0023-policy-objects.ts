import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

interface Rows {
  readonly apps: { name: string; policyId: string | null };
  readonly policies: { type: string; isSystem: number; settings: string; version: number; id: string };
  readonly policyRules: { id: string; policyId: string; actions: string };
}
interface Actions {
  appSignOn?: { access?: string; verificationMethod?: { factorMode?: string } };
}

/**
 * Policies as objects of their own: which of them came with an app and goes with it, and how long a session may rest that a
 * rule opened. The Admin Console is opened with two factors from now on: rules that asked for one are lifted.
 */
export const policyObjects: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('gatewayCodes').addColumn('inactivitySeconds', 'integer').execute();
    const rows = db as Kysely<Rows>;
    await rows
      .updateTable('policies')
      .set({ settings: '{"cameWithApp":true}' })
      .where('type', '=', 'ACCESS_POLICY')
      .where('isSystem', '=', 0)
      .execute();
    const app = await rows.selectFrom('apps').select('policyId').where('name', '=', 'saasure').executeTakeFirst();
    if (app?.policyId == null) return;
    const rules = await rows
      .selectFrom('policyRules')
      .select(['id', 'actions'])
      .where('policyId', '=', app.policyId)
      .execute();
    let lifted = 0;
    for (const { id, actions } of rules) {
      const { appSignOn, ...others } = JSON.parse(actions) as Actions;
      if (appSignOn?.access !== 'ALLOW' || appSignOn.verificationMethod?.factorMode === '2FA') continue;
      const verificationMethod = { type: 'ASSURANCE', ...appSignOn.verificationMethod, factorMode: '2FA' };
      await rows
        .updateTable('policyRules')
        .set({ actions: JSON.stringify({ ...others, appSignOn: { ...appSignOn, verificationMethod } }) })
        .where('id', '=', id)
        .execute();
      lifted += 1;
    }
    if (lifted > 0)
      await rows.updateTable('policies').set({ version: sql`version + 1` }).where('id', '=', app.policyId).execute();
  },
};
