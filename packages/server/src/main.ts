/** The server: read the configuration, take the data folder, open the services, listen, print the set-up link. */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write('sallyport: error: Node 24 or newer is needed; `npm start` brings it\n');
  process.exit(1);
}

const { ConfigError, loadConfig } = await import('./config/config.ts');
const { DataFolderError, openDataFolder } = await import('./data-folder/open-data-folder.ts');
const { openServices } = await import('./compose.ts');
const { DatabaseInUseError } = await import('./store/postgres/open-postgres.ts');
const { startServer } = await import('./start-server.ts');
const { startControlSocket } = await import('./host/control-socket.ts');
const { announceSetup } = await import('./setup/announce-setup.ts');

const fail = (error: unknown): never => {
  const isExpected =
    error instanceof ConfigError || error instanceof DataFolderError || error instanceof DatabaseInUseError;
  process.stderr.write(
    `sallyport: error: ${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  if (isExpected) process.stderr.write('hint: `npx sallyport server doctor` checks the whole configuration\n');
  process.exit(1);
};

const config = ((): import('./config/config.ts').Config => {
  try {
    return loadConfig(process.env);
  } catch (error) {
    return fail(error);
  }
})();
try {
  const folder = openDataFolder(config.dataDir);
  const services = await openServices(config, folder);
  const server = await startServer(services);
  const control = await startControlSocket(services, folder);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    control.close();
    server
      .close()
      .then(() => services.close())
      .then(() => {
        folder.release();
        process.exit(0);
      }, fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await announceSetup(services);
} catch (error) {
  fail(error);
}
