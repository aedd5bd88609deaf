import type { charts as english } from '../en/charts.ts';

/** The charts of a registry, and installing one. */
export const charts: typeof english = {
  charts: {
    title: 'Chart',
    registry: '仓库',
    show: '显示',
    filter: '筛选 chart',
    none: '还没有指定仓库',
    noneNext: '请填写 OCI 仓库中的一个路径，或传统仓库的 https 地址。',
    noCharts: '没有这样名称的 chart。',
    noVersions: '此 chart 没有版本。',
    choose: '请选择一个 chart。',
    version: '版本',
    install: '安装…',
    readme: 'README',
    values: 'values.yaml',
    schema: 'values.schema.json',
    name: '发布名称',
    namespace: '命名空间',
    account: '服务账号（可选）',
    form: '用表单填写值',
    more: '此 chart 还有表单之外的值：请参阅它的 values.yaml，并用 YAML 填写。',
    required: '必填',
    asChart: (fallback) => (fallback === undefined ? '与 chart 相同' : `${fallback}（chart 默认）`),
  },
};
