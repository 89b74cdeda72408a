import { existsSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.ts';

const ask = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('startPostgres', () => {
  it('keeps what was acknowledged when it is killed, and leaves nothing behind when it is stopped', async () => {
    const server = await startPostgres();
    expect(existsSync(server.folder)).toBe(true);
    expect(await ask(server.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await ask(server.url, 'create table kept as select 1 as id');
    await server.kill9();
    await expect(ask(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await ask(server.url, 'select id from kept')).toEqual([{ id: 1 }]);
    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
  });
});
