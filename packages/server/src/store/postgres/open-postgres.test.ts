import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseInUseError, openPostgres } from './open-postgres.ts';

const base = process.env['TEST_POSTGRES_URL'];

describe.runIf(base !== undefined)('a PostgreSQL database', () => {
  const name = `own_${process.pid}`;
  const url = ((): string => {
    const target = new URL(base ?? 'postgres://unused');
    target.pathname = `/${name}`;
    return target.toString();
  })();
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: base });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  beforeAll(() => onServer(`create database ${name}`));
  afterAll(() => onServer(`drop database ${name} with (force)`));

  it('belongs to one server; a visitor may look, and the next owner follows when the first has gone', async () => {
    const first = await openPostgres(url);
    await expect(openPostgres(url)).rejects.toThrow(DatabaseInUseError);
    const visitor = await openPostgres(url, { isOwner: false });
    await visitor.close();
    await first.close();
    const second = await openPostgres(url);
    await second.close();
  });
});
