import type { releases as english } from '../en/releases.ts';

/** The list of Releases. */
export const releases: typeof english = {
  releases: {
    title: '发布',
    search: '按名称、命名空间、chart、原因筛选',
    searchHint: '所有词都必须出现；-词 表示排除。按 / 跳到这里。',
    filterBy: '只显示',
    order: '排序',
    orders: { trouble: '故障优先', name: '名称', changed: '最近变化' },
    columns: { health: '健康', name: '发布', chart: 'Chart', why: '原因', version: '版本', changed: '变化' },
    shown: (shown, all) => (shown === all ? `${all} 个发布` : `${shown} / ${all} 个发布`),
    reading: (shown, all) => `${shown === all ? '' : `${shown} / `}前 ${all} 个发布，其余正在读取…`,
    reorder: (moved) => `重新排序（${moved} 个已移动）`,
    ofTenant: (number) => `${number} 个发布`,
    more: (number) => `还有 ${number} 个发布未列出。请指定命名空间以缩小范围。`,
    none: '还没有发布',
    noneNext: '安装一个 chart，或在终端里创建：',
    noMatch: '没有符合条件的发布',
    noMatchNext: '清除筛选',
    refused: '您无权列出所有命名空间的发布',
    refusedNext: '请填写属于您的命名空间：',
    refusedIn: (namespace) => `您无权列出 ${namespace} 的发布`,
    namespaces: '命名空间，以逗号分隔',
    show: '显示',
    version: (version) => `v${version}`,
    noVersion: '尚无',
    suspended: '已暂停',
    busy: '处理中',
    waits: {
      approval: '等待批准',
      dependency: '等待其他对象',
      registry: '等待镜像仓库',
      deletion: '正在删除',
    },
  },
};
