alter table experiments add column model_card text;
comment on column experiments.model_card is 'Markdown that the command left for people in model-card.md; null where it left none.';
