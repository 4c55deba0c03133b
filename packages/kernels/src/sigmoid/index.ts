import type { Link } from '@surprisal/core';
export const sigmoidLink: Link<'sigmoid'> = { version: 1, name: 'sigmoid', engines: [] };
