/** A mark for every move of the champion pointer of the models chosen, within the time range. */
export const promotionMarks = `select promoted_at as "time", 'promotion' as "tags",
       'Version ' || to_version || ' of ' || model_name || ' is the champion, by ' || decided_by || ': ' || reason as "text"
  from promotions
 where $__timeFilter(promoted_at) and model_name = any (array[\${model:sqlstring}]::text[])
 order by promoted_at`;
