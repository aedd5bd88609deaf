import type { tenants as english } from '../en/tenants.ts';

/** The tenants and their environments. */
export const tenants: typeof english = {
  tenants: {
    title: '租户',
    releases: '发布',
    none: '没有可见的租户',
    noneNext: '租户拥有您可以查看的发布后，就会出现在这里。',
    absent: '不在此处',
    used: (used, hard) => `${used} / ${hard}`,
    promote: (version) => `推进 ${version}`,
    promoteLong: (version, from, to) => `把 ${version} 从 ${from} 推进到 ${to}`,
  },
};
