export const VERSION = '0.1.0';

/** How the command line presents itself; the server shows it as the device of its session. */
export const USER_AGENT = `sallyport/${VERSION} (${process.platform}; ${process.arch}) node/${process.versions.node}`;
