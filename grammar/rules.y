/* The grammar of .rules files. LALR(1) without conflicts; no layout: every
 * construct starts with a keyword.
 *
 * Actions only call builders (build.h), some by a macro of actions.h. A
 * declaration grows in the builder while its members are read; `finish` files
 * it. After a mistake, `error` rules skip to the next construct (recover.h), so
 * that each mistake is one finding. */
%define api.pure full
%define api.prefix {slu_rules_}
%define api.token.prefix {SLU_TOKEN_}
%define api.location.type {struct slu_span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param {struct slu_builder *builder}
%initial-action { @$ = (struct slu_span){builder->lexer.file, 0, 0}; }

%code requires {
#include "grammar/build.h"
}

%code provides {
/* The skeleton's own tokens, whose names carry its prefix. */
enum {
    SLU_TOKEN_ABSENT = SLU_TOKEN_SLU_RULES_EMPTY,
    SLU_TOKEN_BROKEN = SLU_TOKEN_SLU_RULES_error /* a mistake that the lexer has reported */
};
}

%code {
#include "grammar/actions.h"
#include "grammar/mistakes.h"

/* The skeleton converts between its small integer types freely. */
#pragma GCC diagnostic ignored "-Wconversion"

static int slu_rules_lex(SLU_RULES_STYPE *value, SLU_RULES_LTYPE *span, struct slu_builder *builder);
static void slu_rules_error(const struct slu_span *span, struct slu_builder *builder, const char *message);
}

%union {
    struct slu_word word;
    struct slu_words words;
    double number;
    bool flag;
    enum slu_expression_kind kind;
    struct slu_expression *expression;
    struct slu_argument *argument;
    struct slu_arguments arguments;
    struct slu_written_type *type;
    struct slu_origin *origin;
    struct slu_alternative *alternative;
    struct slu_alternatives alternatives;
    struct slu_modifier *modifier;
    struct slu_mask *mask;
    struct slu_masks masks;
    struct slu_action_syntax *action;
    struct slu_actions actions;
    struct slu_allowance_syntax *allowance;
    struct slu_allowances allowances;
    struct slu_outcome *outcome;
    struct slu_setting *setting;
}

/* ---- tokens: the strings are how messages name them ---- */

%token YYEOF 0 "the end of the file"
%token <word> NAME "a name" STEP "a path" STRING "a text" PATTERN "a pattern" EVERY "a name with `.*`"
%token <word> HEAD "a text with `{ }`" MIDDLE "`}` and more text" TAIL "`}` and the end of the text"
%token <number> NUMBER "a number" DURATION "a duration" TIME "a date or time" CLOCK "a time of day"
%token NE "`!=`" LE "`<=`" GE "`>=`" FB "`??`"
%token '=' "`=`" '<' "`<`" '>' "`>`" '+' "`+`" '-' "`-`" '*' "`*`" '/' "`/`"
%token '(' "`(`" ')' "`)`" '[' "`[`" ']' "`]`" ',' "`,`" ':' "`:`"

/* The words of keywords.def; a unit test keeps the two together. */
%token <word> ACTION "`action`" AFTER "`after`" ALL "`all`" ALWAYS "`always`" AND "`and`" ANY "`any`" AS "`as`"
%token <word> AT "`at`" BECAUSE "`because`" BETWEEN "`between`" BLOCK "`block`" BLOCKED "`blocked`" BODY "`body`"
%token <word> BY "`by`" CALENDAR "`calendar`"
%token <word> CANNOT "`cannot`" CHOICE "`choice`" CLOSED "`closed`" COMPLETE "`complete`"
%token <word> CONNECTOR "`connector`" CONTAINS "`contains`" DEFINE "`define`" DURING "`during`" EACH "`each`"
%token <word> EMIT "`emit`" ENDS "`ends`" ENV "`env`" EVENT "`event`" EXACTLY "`exactly`" EXCLUSIVE "`exclusive`"
%token <word> EXPECT "`expect`" FALSE "`false`" FIELD "`field`" FILE "`file`" FROM "`from`" GIVEN "`given`"
%token <word> GIVES "`gives`" GROUP "`group`" GUARD "`guard`" HAS "`has`" HEADER "`header`" IGNORE "`ignore`"
%token <word> IN "`in`" IS "`is`" JSON "`json`" KNOWN "`known`" LIMIT "`limit`" LIST "`list`" LOOKUP "`lookup`"
%token <word> MATCHES "`matches`" MISSING "`missing`" MORE "`more`" MOST "`most`"
%token <word> NEVER "`never`" NO "`no`" NONE "`none`" NOT "`not`" NOW "`now`"
%token <word> OF "`of`" OLDER "`older`" ON "`on`" ONCE "`once`" ONE "`one`" OPEN "`open`" OPTIONAL "`optional`"
%token <word> OR "`or`" OTHERWISE "`otherwise`" PER "`per`" READ "`read`" RECORD "`record`" RULE "`rule`"
%token <word> RULESET "`ruleset`" SECRET "`secret`" SERVICE "`service`" SET "`set`" SETTING "`setting`"
%token <word> SITE "`site`" SOURCE "`source`" STARTS "`starts`" STATE "`state`" TAKES "`takes`" TEST "`test`"
%token <word> THAN "`than`" THEN "`then`" TO "`to`" TRUE "`true`" UNDO "`undo`" UNDONE "`undone`" UNLESS "`unless`"
%token <word> USE "`use`" WHEN "`when`" WITH "`with`" WITHIN "`within`" ZONE "`zone`"

%left OR
%left AND
%precedence NOT
%left FB
%left '+' '-'
%left '*' '/'
%precedence NEGATIVE

%type <word> word description body broken_action in_ruleset
%type <words> names on_kinds strings days day bodies cancelling
%type <type> type
%type <flag> exclusive complete optional exactly is
%type <kind> comparison text_verb members
%type <expression> literal literals list_literal whole_condition condition
%type <expression> operand operands template_parts call when unless
%type <arguments> arguments call_arguments
%type <argument> argument
%type <origin> path origin topic_when
%type <alternative> alternative joined
%type <alternatives> alternatives
%type <modifier> modifier topic_test
%type <mask> mask
%type <masks> masks
%type <action> action simple_action
%type <actions> actions
%type <allowance> allowance once times
%type <allowances> allowances
%type <outcome> outcome
%type <setting> setting

%%

/* ---- the file ---- */

file: start
    | file declaration                  { DO(slu_build_finish(builder)); }
    ;

/* A mistake where no construct is open begins the file anew; what was read stays. */
start: %empty
     | error                            { DO(slu_build_finish(builder)); DO(slu_build_lose_declared(builder));
                                          RECOVER(SLU_RECOVER_DECLARATION); }
     ;

declaration: use | field | event | state | list | define | group | lookup | guard | never | always
           | calendar | source | service | connector | site | ruleset | test | broken
           ;

broken: broken_keyword error            { slu_build_break(builder); DO(slu_build_lose_declared(builder));
                                          RECOVER(SLU_RECOVER_DECLARATION); }
      ;

broken_keyword: USE | FIELD | EVENT | STATE | LIST | DEFINE | GROUP | LOOKUP | GUARD
              | NEVER | ALWAYS
              ;

description: %empty                     { $$ = slu_build_no_word(@$); }
           | STRING
           ;
names: NAME                             { FIRST_WORD($1); }
     | names ',' NAME                   { $$ = $1; ADD_WORD($3); }
     ;
strings: STRING                         { FIRST_WORD($1); }
       | strings ',' STRING             { $$ = $1; ADD_WORD($3); }
       ;

/* ---- one-line declarations ---- */

use: USE names                          { DO(slu_build_use(builder, @$, $2)); } ;

field: FIELD NAME ':' type description  { DO(slu_build_field(builder, @$, $2, $4, $5)); } ;

event: EVENT NAME description           { DO(slu_build_event(builder, @$, $2, $3)); } ;

state: STATE NAME ':' type              { DO(slu_build_state(builder, @$, $2, $4, NULL)); }
     | STATE NAME ':' type '=' literal  { DO(slu_build_state(builder, @$, $2, $4, $6)); }
     ;

type: NAME                              { DO($$ = slu_build_type(builder, @$, $1, false)); }
    | LIST OF NAME                      { DO($$ = slu_build_type(builder, @$, $3, true)); }
    | CHOICE OF strings                 { DO($$ = slu_build_choice(builder, @$, $3)); }
    ;

list: LIST NAME IS literals             { DO(slu_build_list_declaration(builder, @$, $2, $4)); } ;

define: DEFINE NAME IS whole_condition  { DO(slu_build_define(builder, @$, $2, $4)); } ;

group: GROUP NAME exclusive IS strings  { DO(slu_build_group(builder, @$, $2, $3, $5)); } ;
exclusive: %empty                       { $$ = false; }
         | EXCLUSIVE                    { $$ = true; }
         ;

lookup: LOOKUP NAME IS call             { DO(slu_build_lookup(builder, @$, $2, $4)); } ;

guard: GUARD STRING WHEN whole_condition BLOCK masks { DO(slu_build_guard(builder, @$, $2, $4, $6)); } ;
masks: mask                             { $$ = slu_build_no_masks(); DO(slu_build_add_mask(builder, &$$, $1)); }
     | masks ',' mask                   { $$ = $1; DO(slu_build_add_mask(builder, &$$, $3)); }
     ;
mask: NAME                              { DO($$ = slu_build_mask(builder, $1, false)); }
    | EVERY                             { DO($$ = slu_build_mask(builder, $1, true)); }
    ;

never: NEVER masks when                 { DO(slu_build_never(builder, @$, $2, $3, NULL)); }
     | NEVER masks MORE THAN once       { DO(slu_build_never(builder, @$, $2, NULL, $5)); }
     | NEVER masks MORE THAN times      { DO(slu_build_never(builder, @$, $2, NULL, $5)); }
     ;
always: ALWAYS ONE OF GROUP NAME when on_kinds { DO(slu_build_always(builder, @$, $5, $6, $7)); } ;
on_kinds: %empty                        { $$ = slu_build_no_words(); }
        | ON names                      { $$ = $2; }
        ;

/* ---- literals ---- */

literals: literal                       { DO($$ = slu_build_list(builder, @$)); ADD_ITEM($1); }
        | literals ',' literal          { $$ = $1; ADD_ITEM($3); }
        ;
literal: STRING                         { DO($$ = slu_build_text(builder, $1)); }
       | NUMBER                         { CONSTANT(SLU_EXPRESSION_NUMBER, $1); }
       | '-' NUMBER                     { CONSTANT(SLU_EXPRESSION_NUMBER, -$2); }
       | TRUE                           { CONSTANT(SLU_EXPRESSION_FLAG, 1); }
       | FALSE                          { CONSTANT(SLU_EXPRESSION_FLAG, 0); }
       | TIME                           { CONSTANT(SLU_EXPRESSION_TIME, $1); }
       | DURATION                       { CONSTANT(SLU_EXPRESSION_DURATION, $1); }
       | list_literal
       ;
list_literal: open_list ']'             { LEAVE(); DO($$ = slu_build_list(builder, @$)); }
            | open_list literals ']'    { LEAVE(); $$ = $2; $$->span = @$; }
            ;
open_list: '['                          { ENTER(@$); } ;

/* ---- calendars ---- */

calendar: CALENDAR NAME ZONE STRING     { slu_build_calendar(builder, @$, $2, $4); }
        | CALENDAR error                { DO(slu_build_lose_declared(builder));
                                          BEGIN_BROKEN(SLU_DECLARATION_CALENDAR); }
        | calendar OPEN days CLOCK TO CLOCK { DO(slu_build_open(builder, slu_span_join(@2, @6), $3, $4, $6)); }
        | calendar CLOSED TIME description { DO(slu_build_closed(builder, slu_span_join(@2, @4), $3, $4)); }
        | calendar error                { BREAK_MEMBER(); }
        ;
days: day
    | days ',' day                      { $$ = $1; ADD_WORD($3.items[0]); ADD_WORD($3.items[1]); }
    ;
/* The first and the last day. */
day: NAME                               { FIRST_WORD($1); ADD_WORD($1); }
   | NAME TO NAME                       { FIRST_WORD($1); ADD_WORD($3); }
   ;

/* ---- sources ---- */

source: SOURCE NAME                     { slu_build_begin(builder, SLU_DECLARATION_SOURCE, @$, $2); }
      | SOURCE error                    { BEGIN_BROKEN(SLU_DECLARATION_SOURCE); }
      | source BODY IS bodies           { slu_build_bodies(builder, slu_span_join(@2, @4), $4); }
      | source ON STRING topic_when IS NAME { DO(slu_build_topic(builder, slu_span_join(@2, @6), $3, $4, $6)); }
      | source IGNORE STRING BECAUSE STRING { DO(slu_build_ignored(builder, slu_span_join(@2, @5), $3, $5)); }
      | source NAME FROM alternatives   { DO(slu_build_mapping(builder, slu_span_join(@2, @4), $2, $4, NULL)); }
      | source AT FROM alternatives     { DO(slu_build_mapping(builder, slu_span_join(@2, @4), $2, $4, NULL)); }
      | source NAME '=' literal         { DO(slu_build_mapping(builder, slu_span_join(@2, @4), $2,
                                                               slu_build_no_alternatives(), $4)); }
      | source error                    { BREAK_MEMBER(); }
      ;
bodies: body                            { FIRST_WORD($1); }
      | bodies OR body                  { $$ = $1; ADD_WORD($3); }
      ;
body: JSON | NAME ;
topic_when: %empty                      { $$ = NULL; }
          | WHEN path topic_test        { $$ = $2; slu_build_topic_test(builder, $3); }
          ;
topic_test: IS literal                  { DO($$ = slu_build_modifier_is(builder, @$, $2)); }
          | IS KNOWN                    { DO($$ = slu_build_modifier(builder, SLU_MODIFIER_IS_KNOWN, @$)); }
          ;

alternatives: alternative               { $$ = slu_build_no_alternatives();
                                          DO(slu_build_add_alternative(builder, &$$, $1)); }
            | alternatives OR alternative { $$ = $1; DO(slu_build_add_alternative(builder, &$$, $3)); }
            ;
alternative: joined modifier            { $$ = $1; $$->modifier = *$2; } ;
joined: origin                          { DO($$ = slu_build_alternative(builder));
                                          DO(slu_build_add_part(builder, $$, $1)); }
      | joined ',' origin               { $$ = $1; DO(slu_build_add_part(builder, $$, $3)); }
      ;
origin: path
      | HEADER STRING                   { DO($$ = slu_build_origin(builder, SLU_ORIGIN_HEADER, @$, $2)); }
      | STRING                          { DO($$ = slu_build_origin(builder, SLU_ORIGIN_TEXT, @$, $1)); }
      ;
path: word                              { DO($$ = slu_build_path(builder, $1)); }
    | path STEP                         { $$ = $1; DO(slu_build_add_keys(builder, $$, $2)); }
    | path '[' NUMBER ']'               { $$ = $1; DO(slu_build_add_index(builder, $$, slu_span_join(@2, @4), $3)); }
    | path '[' '-' NUMBER ']'           { $$ = $1; DO(slu_build_add_index(builder, $$, slu_span_join(@2, @5), -$4)); }
    | path '[' '*' ']'                  { $$ = $1; DO(slu_build_add_step(builder, $$, SLU_STEP_EACH, @4)); }
    | path '[' STRING ']'               { $$ = $1; DO(slu_build_add_key(builder, $$, @4, $3)); }
    | path '(' JSON ')'                 { $$ = $1; DO(slu_build_add_step(builder, $$, SLU_STEP_JSON, @4)); }
    ;
modifier: %empty                        { DO($$ = slu_build_modifier(builder, SLU_MODIFIER_NONE, @$)); }
        | AS NAME NAME                  { DO($$ = slu_build_modifier_as(builder, @$, $2, $3)); }
        | IS literal                    { DO($$ = slu_build_modifier_is(builder, @$, $2)); }
        | IS ONE OF list_literal        { DO($$ = slu_build_modifier_one_of(builder, @$, $4)); }
        ;

/* ---- services and their settings ---- */

service: SERVICE NAME description       { slu_build_service(builder, @$, $2, $3); }
       | SERVICE error                  { BEGIN_BROKEN(SLU_DECLARATION_SERVICE); }
       | service SETTING word ':' type optional description
                                    { DO(slu_build_service_setting(builder, slu_span_join(@2, @7), $3, $5, $6, $7)); }
       | service SETTING word ':' SECRET optional description
                                        { DO(slu_build_secret(builder, slu_span_join(@2, @7), $3, @5, $6, $7)); }
       | service LIMIT NUMBER PER DURATION { slu_build_service_limit(builder, slu_span_join(@2, @5), $3, $5); }
       | service ACTION word description { DO(slu_build_operation(builder, slu_span_join(@2, @4), false, $3, $4)); }
       | service READ word description  { DO(slu_build_operation(builder, slu_span_join(@2, @4), true, $3, $4)); }
       | service TAKES word ':' type optional description
                                        { DO(slu_build_takes(builder, slu_span_join(@2, @7), $3, $5, $6, $7)); }
       | service GIVES word ':' type description { DO(slu_build_gives(builder, slu_span_join(@2, @6), $3, $5, $6)); }
       | service UNDONE BY word         { slu_build_undone(builder, slu_span_join(@2, @4), $4); }
       | service CANNOT UNDO BECAUSE STRING { slu_build_cannot_undo(builder, slu_span_join(@2, @5), $5); }
       | service error                  { BREAK_MEMBER(); }
       ;
optional: %empty                        { $$ = false; }
        | OPTIONAL                      { $$ = true; }
        ;

connector: CONNECTOR NAME               { slu_build_begin(builder, SLU_DECLARATION_CONNECTOR, @$, $2); }
         | CONNECTOR error              { BEGIN_BROKEN(SLU_DECLARATION_CONNECTOR); }
         | connector setting            { DO(slu_build_add_setting(builder, $2)); }
         | connector error              { BREAK_MEMBER(); }
         ;
site: SITE                              { slu_build_begin(builder, SLU_DECLARATION_SITE, @$, $1); }
    | site setting                      { DO(slu_build_add_setting(builder, $2)); }
    | site error                        { BREAK_MEMBER(); }
    ;
setting: NAME literal                   { DO($$ = slu_build_setting(builder, @$, $1, $2)); }
       | NAME FROM ENV NAME             { DO($$ = slu_build_setting_from(builder, @$, $1, SLU_SETTING_ENV, $4)); }
       | NAME FROM FILE STRING          { DO($$ = slu_build_setting_from(builder, @$, $1, SLU_SETTING_FILE, $4)); }
       ;

/* ---- rule sets ---- */

ruleset: RULESET STRING ON names complete { slu_build_ruleset(builder, @$, $2, $4, $5); }
       | RULESET error                  { BEGIN_BROKEN(SLU_DECLARATION_RULESET); }
       | ruleset rule
       | ruleset OTHERWISE THEN actions { DO(slu_build_otherwise(builder, slu_span_join(@2, @4), @2, $4)); }
       | ruleset error                  { slu_build_drop_member(builder); RECOVER(SLU_RECOVER_MEMBER); }
       ;
complete: %empty                        { $$ = false; }
        | COMPLETE                      { $$ = true; }
        ;
rule: RULE STRING when unless allowances THEN actions
                                        { DO(slu_build_rule(builder, @$, $2, (struct slu_rule_head){$3, $4, $5}, $7)); }
    | RULE STRING broken_head THEN actions { slu_build_drop_member(builder); DO(slu_build_lose(builder, $2)); }
    | RULE STRING broken_head           { slu_build_drop_member(builder); DO(slu_build_lose(builder, $2)); }
    ;
broken_head: error                      { RECOVER(SLU_RECOVER_HEAD); } ;
when: %empty                            { $$ = NULL; }
    | WHEN whole_condition              { $$ = $2; }
    ;
unless: %empty                          { $$ = NULL; }
      | UNLESS whole_condition          { $$ = $2; }
      ;
allowances: %empty                      { $$ = slu_build_no_allowances(); }
          | allowances allowance        { $$ = $1; DO(slu_build_add_allowance(builder, &$$, $2)); }
          ;
allowance: once
         | AT MOST times                { $$ = $3; $$->span = @$; }
         ;
once: ONCE PER NAME                     { DO($$ = slu_build_allowance(builder, @$, 1, 0, $3)); }
    | ONCE PER DURATION PER NAME        { DO($$ = slu_build_allowance(builder, @$, 1, $3, $5)); }
    ;
times: NUMBER PER DURATION              { DO($$ = slu_build_allowance(builder, @$, $1, $3, slu_build_no_word(@3))); }
     | NUMBER PER DURATION PER NAME     { DO($$ = slu_build_allowance(builder, @$, $1, $3, $5)); }
     | NUMBER PER NAME                  { DO($$ = slu_build_allowance(builder, @$, $1, 0, $3)); }
     ;

/* ---- actions ---- */

actions: action                         { $$ = slu_build_no_actions(); DO(slu_build_add_action(builder, &$$, $1)); }
       | actions action                 { $$ = $1; DO(slu_build_add_action(builder, &$$, $2)); }
       ;
action: simple_action
      | AFTER DURATION simple_action    { $$ = $3; slu_build_delay($$, @$, $2, slu_build_no_words()); }
      | AFTER DURATION UNLESS cancelling simple_action { $$ = $5; slu_build_delay($$, @$, $2, $4); }
      | broken_action                   { slu_build_break_member(builder);
                                          DO($$ = slu_build_action_name(builder, SLU_ACTION_SET, @$, $1));
                                          RECOVER(SLU_RECOVER_ACTION); }
      ;
/* The keyword stands beside `error`: so a mistake anywhere behind it ends here. */
broken_action: AFTER error | EMIT error | SET error | UNDO error ;
cancelling: NAME                        { FIRST_WORD($1); }
          | cancelling OR NAME          { $$ = $1; ADD_WORD($3); }
          ;
simple_action: call                     { DO($$ = slu_build_action_call(builder, SLU_ACTION_CALL, @$, $1)); }
             | RECORD '(' operand ')'   { DO($$ = slu_build_action_value(builder, SLU_ACTION_RECORD, @$, $1, $3)); }
             | RECORD '(' error         { slu_build_break_member(builder);
                                          DO($$ = slu_build_action_name(builder, SLU_ACTION_RECORD, @$, $1));
                                          RECOVER(SLU_RECOVER_ARGUMENTS); }
             | SET NAME '=' operand     { DO($$ = slu_build_action_value(builder, SLU_ACTION_SET, @$, $2, $4)); }
             | EMIT NAME                { DO($$ = slu_build_action_name(builder, SLU_ACTION_EMIT, @$, $2)); }
             | EMIT call                { DO($$ = slu_build_action_call(builder, SLU_ACTION_EMIT, @$, $2)); }
             | UNDO STRING              { DO($$ = slu_build_action_name(builder, SLU_ACTION_UNDO, @$, $2)); }
             ;

call: NAME call_arguments               { LEAVE(); DO($$ = slu_build_call(builder, @$, $1, $2)); } ;
call_arguments: open_call ')'           { $$ = slu_build_no_arguments(); }
              | open_call arguments ')' { $$ = $2; }
              | open_call error         { slu_build_break_member(builder); $$ = slu_build_no_arguments();
                                          RECOVER(SLU_RECOVER_ARGUMENTS); }
              ;
open_call: '('                          { ENTER(@$); } ;
arguments: argument                     { $$ = slu_build_no_arguments(); DO(slu_build_add_argument(builder, &$$, $1)); }
         | arguments ',' argument       { $$ = $1; DO(slu_build_add_argument(builder, &$$, $3)); }
         ;
argument: operand                       { DO($$ = slu_build_argument(builder, $1, false)); }
        | EACH operand                  { DO($$ = slu_build_argument(builder, $2, true)); }
        | word ':' operand              { DO($$ = slu_build_argument(builder, $3, false)); $$->name = $1; }
        | word ':' EACH operand         { DO($$ = slu_build_argument(builder, $4, true)); $$->name = $1; }
        ;

/* ---- conditions ---- */

whole_condition: condition              { DO(slu_build_balance(builder, $1)); $$ = $1; } ;
condition: condition OR condition       { DO($$ = slu_build_junction(builder, SLU_EXPRESSION_OR, $1, $3)); }
         | condition AND condition      { DO($$ = slu_build_junction(builder, SLU_EXPRESSION_AND, $1, $3)); }
         | not condition %prec NOT      { LEAVE(); OPERATOR(SLU_EXPRESSION_NOT, $2, NULL); }
         | operand
         | operand comparison exactly operand { OPERATOR($2, $1, $4); $$->exactly = $3; }
         | operand is operand           { OPERATOR(slu_build_equality($2), $1, $3); }
         | operand is EXACTLY operand   { OPERATOR(slu_build_equality($2), $1, $4); $$->exactly = true; }
         | operand is ONE OF operand    { OPERATOR(slu_build_one_of($2), $1, $5); }
         | operand is EXACTLY ONE OF operand { OPERATOR(slu_build_one_of($2), $1, $6); $$->exactly = true; }
         | operand BETWEEN operand AND operand { DO($$ = slu_build_between(builder, @$, $1, $3, $5)); }
         | operand HAS exactly members operand { OPERATOR($4, $1, $5); $$->exactly = $3; }
         | operand text_verb exactly operand { OPERATOR($2, $1, $4); $$->exactly = $3; }
         | operand text_verb exactly ANY OF operand
                                        { OPERATOR(slu_build_any_of($2), $1, $6); $$->exactly = $3; }
         | operand MATCHES exactly PATTERN { NAMED(SLU_EXPRESSION_MATCHES, $1, $4); $$->exactly = $3; }
         | operand IS KNOWN             { OPERATOR(SLU_EXPRESSION_KNOWN, $1, NULL); }
         | operand IS MISSING           { OPERATOR(SLU_EXPRESSION_MISSING, $1, NULL); }
         | operand IS NOT KNOWN         { OPERATOR(SLU_EXPRESSION_MISSING, $1, NULL); }
         | operand IS NOT MISSING       { OPERATOR(SLU_EXPRESSION_KNOWN, $1, NULL); }
         | operand IS WITHIN operand    { OPERATOR(SLU_EXPRESSION_WITHIN, $1, $4); }
         | operand IS OLDER THAN operand { OPERATOR(SLU_EXPRESSION_OLDER, $1, $5); }
         | operand IS NOT WITHIN operand { OPERATOR(SLU_EXPRESSION_WITHIN, $1, $5); NEGATE(); }
         | operand IS NOT OLDER THAN operand { OPERATOR(SLU_EXPRESSION_OLDER, $1, $6); NEGATE(); }
         | operand IS DURING NAME       { NAMED(SLU_EXPRESSION_DURING, $1, $4); }
         | operand IS NOT DURING NAME   { NAMED(SLU_EXPRESSION_DURING, $1, $5); NEGATE(); }
         ;
not: NOT                                { ENTER(@$); } ;
is: IS                                  { $$ = true; }
  | IS NOT                              { $$ = false; }
  ;
comparison: '='                         { $$ = SLU_EXPRESSION_EQUAL; }
          | NE                          { $$ = SLU_EXPRESSION_NOT_EQUAL; }
          | '<'                         { $$ = SLU_EXPRESSION_LESS; }
          | LE                          { $$ = SLU_EXPRESSION_AT_MOST; }
          | '>'                         { $$ = SLU_EXPRESSION_GREATER; }
          | GE                          { $$ = SLU_EXPRESSION_AT_LEAST; }
          ;
exactly: %empty                         { $$ = false; }
       | EXACTLY                        { $$ = true; }
       ;
members: %empty                         { $$ = SLU_EXPRESSION_HAS; }
       | ANY OF                         { $$ = SLU_EXPRESSION_HAS_ANY; }
       | ALL OF                         { $$ = SLU_EXPRESSION_HAS_ALL; }
       | NONE OF                        { $$ = SLU_EXPRESSION_HAS_NONE; }
       ;
text_verb: CONTAINS                     { $$ = SLU_EXPRESSION_CONTAINS; }
         | STARTS WITH                  { $$ = SLU_EXPRESSION_STARTS_WITH; }
         | ENDS WITH                    { $$ = SLU_EXPRESSION_ENDS_WITH; }
         ;

/* ---- operands ---- */

operand: operand '+' operand            { OPERATOR(SLU_EXPRESSION_ADD, $1, $3); }
       | operand '-' operand            { OPERATOR(SLU_EXPRESSION_SUBTRACT, $1, $3); }
       | operand '*' operand            { OPERATOR(SLU_EXPRESSION_MULTIPLY, $1, $3); }
       | operand '/' operand            { OPERATOR(SLU_EXPRESSION_DIVIDE, $1, $3); }
       | operand FB operand             { OPERATOR(SLU_EXPRESSION_FALLBACK, $1, $3); }
       | negative operand %prec NEGATIVE { LEAVE(); DO($$ = slu_build_negative(builder, @$, $2)); }
       | open_group whole_condition ')' { LEAVE(); OPERATOR(SLU_EXPRESSION_GROUP, $2, NULL); }
       | NAME                           { NAMED(SLU_EXPRESSION_NAME, NULL, $1); }
       | call
       | NOW                            { CONSTANT(SLU_EXPRESSION_NOW, 0); }
       | STRING                         { DO($$ = slu_build_text(builder, $1)); }
       | template_parts TAIL            { LEAVE(); $$ = $1; DO(slu_build_add_piece(builder, $$, $2)); $$->span = @$; }
       | NUMBER                         { CONSTANT(SLU_EXPRESSION_NUMBER, $1); }
       | TRUE                           { CONSTANT(SLU_EXPRESSION_FLAG, 1); }
       | FALSE                          { CONSTANT(SLU_EXPRESSION_FLAG, 0); }
       | TIME                           { CONSTANT(SLU_EXPRESSION_TIME, $1); }
       | DURATION                       { CONSTANT(SLU_EXPRESSION_DURATION, $1); }
       | open_list ']'                  { LEAVE(); DO($$ = slu_build_list(builder, @$)); }
       | open_list operands ']'         { LEAVE(); $$ = $2; $$->span = @$; }
       ;
negative: '-'                           { ENTER(@$); } ;
open_group: '('                         { ENTER(@$); } ;
operands: operand                       { DO($$ = slu_build_list(builder, @$)); ADD_ITEM($1); }
        | operands ',' operand          { $$ = $1; ADD_ITEM($3); }
        ;
template_parts: open_template operand   { DO($$ = slu_build_template(builder, @$, $<word>1)); ADD_ITEM($2); }
              | template_parts MIDDLE operand { $$ = $1; DO(slu_build_add_piece(builder, $$, $2)); ADD_ITEM($3); }
              ;
open_template: HEAD                     { ENTER(@$); $<word>$ = $1; } ;

/* ---- tests ---- */

test: TEST STRING                       { slu_build_begin(builder, SLU_DECLARATION_TEST, @$, $2);
                                          builder->open.as.test.title = $2; }
    | TEST error                        { BEGIN_BROKEN(SLU_DECLARATION_TEST); }
    | test given
    | test expectation
    | test error                        { BREAK_MEMBER(); }
    ;
given: GIVEN NAME                       { DO(slu_build_step(builder, @$, $2)); }
     | GIVEN NAME AT TIME               { DO(slu_build_step(builder, @$, $2)); slu_build_step_time(builder, $4); }
     | given NAME is_equal literal      { DO(slu_build_given(builder, $2, $4)); }
     | given NAME IS MISSING            { DO(slu_build_given(builder, $2, NULL)); }
     ;
is_equal: IS | '=' ;
expectation: EXPECT outcome             { DO(slu_build_outcome(builder, @$, $2)); }
           | expectation AND outcome    { DO(slu_build_outcome(builder, @3, $3)); }
           | expectation action         { DO(slu_build_expected(builder, $2, false)); }
           | expectation BLOCKED action { DO(slu_build_expected(builder, $3, true)); }
           ;
outcome: RULE STRING in_ruleset         { DO($$ = slu_build_outcome_of(builder, SLU_OUTCOME_RULE, @$, $2, $3)); }
       | NO RULE in_ruleset             { DO($$ = slu_build_outcome_of(builder, SLU_OUTCOME_NONE, @$,
                                                                       slu_build_no_word(@2), $3)); }
       | OTHERWISE in_ruleset           { DO($$ = slu_build_outcome_of(builder, SLU_OUTCOME_OTHERWISE, @$,
                                                                       slu_build_no_word(@1), $2)); }
       ;
in_ruleset: %empty                      { $$ = slu_build_no_word(@$); }
          | IN STRING                   { $$ = $2; }
          ;

/* ---- words of the language that can be parameter names and first keys of a path ---- */

word: NAME | ACTION | AFTER | ALL | ALWAYS | AND | ANY | AS | AT | BECAUSE | BETWEEN | BLOCK | BLOCKED | BODY | BY
    | CALENDAR | CANNOT | CHOICE | CLOSED | COMPLETE | CONNECTOR | CONTAINS | DEFINE | DURING | EMIT | ENDS | ENV
    | EVENT | EXACTLY | EXCLUSIVE | EXPECT | FIELD | FILE | FROM | GIVEN | GIVES | GROUP | GUARD | HAS | HEADER
    | IGNORE | IN | IS | JSON | KNOWN | LIMIT | LIST | LOOKUP | MATCHES | MISSING | MORE | MOST | NEVER | NO | NONE
    | OF | OLDER | ON | ONCE | ONE | OPEN | OPTIONAL | OR | OTHERWISE | PER | READ | RECORD | RULE | RULESET | SECRET
    | SERVICE | SET | SETTING | SITE | SOURCE | STARTS | STATE | TAKES | TEST | THAN | THEN | TO | UNDO | UNDONE
    | UNLESS | USE | WHEN | WITH | WITHIN | ZONE
    ;

%%

static int slu_rules_lex(SLU_RULES_STYPE *value, SLU_RULES_LTYPE *span, struct slu_builder *builder) {
    if (!slu_builder_advance(builder)) {
        return SLU_TOKEN_BROKEN; /* the builder remembers that memory ran out */
    }
    const struct slu_token *token = &builder->current;
    *span = token->span;
    switch (token->kind) {
    case SLU_TOKEN_NUMBER:
    case SLU_TOKEN_DURATION:
    case SLU_TOKEN_TIME:
    case SLU_TOKEN_CLOCK:
        value->number = token->number;
        break;
    default:
        value->word = (struct slu_word){token->text, token->span};
        break;
    }
    return token->kind;
}

/* Everything the grammar allows here, by name. */
static int yyreport_syntax_error(const yypcontext_t *context, struct slu_builder *builder) {
    yysymbol_kind_t symbols[YYNTOKENS];
    const char *names[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    if (count < 0) {
        return count;
    }
    for (int i = 0; i < count; i++) {
        names[i] = yysymbol_name(symbols[i]);
    }
    slu_report_expected(builder, names, (size_t)count);
    return 0;
}

/* Only the parser's own want of memory comes here; slu_parse sees its status. */
static void slu_rules_error(const struct slu_span *span, struct slu_builder *builder, const char *message) {
    (void)span;
    (void)builder;
    (void)message;
}
