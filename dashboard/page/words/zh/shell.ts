import type { shell as english } from '../en/shell.ts';

/** What stands around the pages, and on all of them. */
export const shell: typeof english = {
  title: 'Coxswain',
  skip: '跳到正文',
  pages: { label: '页面', releases: '发布', charts: 'Chart', tenants: '租户' },
  theme: { label: '主题', auto: '跟随系统', light: '浅色', dark: '深色' },
  language: '语言',
  user: (user, cluster) => `${user} @ ${cluster}`,
  signOut: '退出登录',
  notFound: { title: '没有这个页面', next: '前往发布列表' },
  health: { Green: '正常', Yellow: '进行中', Red: '故障', Unknown: '未知' },
  facets: { Red: '故障', Yellow: '进行中', Green: '正常', Unknown: '未知', waiting: '等待', suspended: '已暂停' },
  live: {
    opening: '正在连接…',
    live: '实时',
    waiting: '连接已断开，正在重试…',
    ended: '会话已结束',
    stale: (why) => `内容可能已过时：${why}`,
  },
  copy: { copy: '复制', copied: '已复制', notCopied: '浏览器不提供剪贴板：请选中文本' },
  error: {
    title: '操作没有成功',
    again: '重试',
    noAnswer: '控制台没有响应。',
    noAnswerNext: '请检查它是否仍在运行：查看它的终端，或集群中的 Pod。',
    forbidden: '您的账号没有这个权限。',
  },
  loading: '正在加载…',
  cancel: '取消',
  close: '关闭',
  signIn: {
    title: '登录',
    token: 'Bearer 令牌',
    tokenHint: '例如 kubectl create token 输出的令牌。它只发送给控制台，并保存在脚本读不到的地方。',
    submit: '登录',
    oidc: '使用组织账号登录',
    proxy: '前端代理没有告知您的身份。请先在代理处登录，再重新加载此页面。',
    kubeconfig: '在运行控制台的终端里按回车：它会输出一个只能使用一次的登录地址。',
    or: '或',
    ended: '会话已结束，或尚未登录。',
  },
};
