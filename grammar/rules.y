%define api.pure full
%define parse.error custom
%define parse.lac full
%expect 0
%token NAME STEP STRING HEAD MIDDLE TAIL NUMBER DURATION TIME CLOCK PATTERN
%token NE LE GE FB
%token ACTION AFTER ALL AND ANY AS AT BECAUSE BETWEEN BLOCK BLOCKED BODY BY CALENDAR CANNOT CHOICE CLOSED COMPLETE CONNECTOR CONTAINS DEFINE DURING EACH EMIT ENDS ENV EVENT EXACTLY EXCLUSIVE EXPECT FALSE FIELD FILE_ FROM GIVEN GIVES GROUP GUARD HAS HEADER IGNORE IN IS JSON KNOWN LIMIT LIST LOOKUP MATCHES MISSING MOST NO NONE NOT NOW OF OLDER ON ONCE ONE OPEN OPTIONAL OR OTHERWISE PER READ RECORD RULE RULESET SECRET SERVICE SET SETTING SITE SOURCE STARTS STATE TAKES TEST THAN THEN TO TRUE UNDO UNDONE UNLESS USE WHEN WITH WITHIN ZONE
%left OR
%left AND
%precedence NOT
%left FB
%left '+' '-'
%left '*' '/'
%precedence NEG
%%
file: %empty | file declaration | file error ;

declaration: use | field | event | state | list | define | calendar | group
  | source | service | connector | site | lookup | guard | ruleset | test ;

use: USE NAME | use ',' NAME ;
field: FIELD NAME ':' type text_opt ;
type: NAME                      /* text, number, flag, time, duration, html, ... */
    | LIST OF NAME | CHOICE OF strings ;
strings: STRING | strings ',' STRING ;
text_opt: %empty | STRING ;
event: EVENT NAME text_opt ;
state: STATE NAME ':' type | STATE NAME ':' type '=' literal ;
list: LIST NAME IS literals ;
literals: literal | literals ',' literal ;
literal: STRING | NUMBER | '-' NUMBER | TRUE | FALSE | TIME | DURATION | '[' ']' | '[' literals ']' ;
define: DEFINE NAME IS condition ;

calendar: CALENDAR NAME ZONE STRING | calendar OPEN days CLOCK TO CLOCK | calendar CLOSED TIME text_opt ;
days: day | days ',' day ;
day: NAME | NAME TO NAME ;

group: GROUP NAME exclusive_opt IS strings ;
exclusive_opt: %empty | EXCLUSIVE ;

source: SOURCE NAME | source BODY IS bodies | source source_key FROM origins
  | source ON STRING on_when IS NAME | source IGNORE STRING BECAUSE STRING
  | source NAME '=' literal  ;
source_key: NAME | AT ;
on_when: %empty | WHEN path IS literal | WHEN path IS KNOWN ;
bodies: body | bodies OR body ;
body: JSON | NAME ;
origins: joined modifier | origins OR joined modifier ;
joined: origin | joined ',' origin ;
origin: path | HEADER STRING | STRING ;
path: word | path STEP | path '[' NUMBER ']' | path '[' '-' NUMBER ']' | path '[' '*' ']' | path '[' STRING ']' | path '(' JSON ')' ;
modifier: %empty | AS NAME NAME | IS literal | IS ONE OF '[' literals ']' ;

service: SERVICE NAME text_opt | service SETTING word ':' type optional_opt text_opt | service SETTING word ':' SECRET optional_opt text_opt
  | service LIMIT NUMBER PER DURATION
  | service ACTION word text_opt | service READ word text_opt
  | service TAKES word ':' type optional_opt text_opt | service GIVES word ':' type text_opt
  | service UNDONE BY word | service CANNOT UNDO BECAUSE STRING ;
optional_opt: %empty | OPTIONAL ;

connector: CONNECTOR NAME | connector setting ;
site: SITE | site setting ;
setting: NAME literal | NAME FROM ENV NAME | NAME FROM FILE_ STRING ;

lookup: LOOKUP NAME IS NAME '(' arguments_opt ')' ;
guard: GUARD STRING WHEN condition BLOCK masks ;
masks: mask | masks ',' mask ;
mask: NAME | EVERY ;
%token EVERY;

ruleset: ruleset_head | ruleset rule | ruleset otherwise ;
ruleset_head: RULESET STRING ON names complete_opt ;
names: NAME | names ',' NAME ;
complete_opt: %empty | COMPLETE ;
rule: RULE STRING when_opt unless_opt allowances THEN actions ;
when_opt: %empty | WHEN condition ;
unless_opt: %empty | UNLESS condition ;
allowances: %empty | allowances allowance ;
allowance: ONCE PER NAME | ONCE PER DURATION PER NAME | AT MOST NUMBER PER DURATION | AT MOST NUMBER PER DURATION PER NAME | AT MOST NUMBER PER NAME ;
otherwise: OTHERWISE THEN actions ;

actions: action | actions action ;
action: simple | AFTER DURATION simple | AFTER DURATION UNLESS events simple ;
events: NAME | events OR NAME ;
simple: call | RECORD '(' operand ')' | SET NAME '=' operand | EMIT call_or_name | UNDO STRING ;
call_or_name: NAME | call ;
call: NAME '(' arguments_opt ')' ;
arguments_opt: %empty | arguments ;
arguments: argument | arguments ',' argument ;
argument: value | word ':' value ;
value: operand | EACH operand ;

condition: condition OR condition | condition AND condition | NOT condition | test_ ;
test_: operand
  | operand comparison exactly_opt operand
  | operand is operand | operand is EXACTLY operand
  | operand is ONE OF operand | operand is EXACTLY ONE OF operand
  | operand BETWEEN operand AND operand
  | operand HAS exactly_opt members
  | operand text_verb exactly_opt operand
  | operand text_verb exactly_opt ANY OF operand
  | operand MATCHES exactly_opt PATTERN
  | operand IS KNOWN | operand IS MISSING | operand IS NOT KNOWN | operand IS NOT MISSING
  | operand IS WITHIN operand | operand IS OLDER THAN operand
  | operand IS NOT WITHIN operand | operand IS NOT OLDER THAN operand
  | operand IS DURING NAME | operand IS NOT DURING NAME
  ;
is: IS | IS NOT ;
comparison: '=' | NE | '<' | LE | '>' | GE ;
exactly_opt: %empty | EXACTLY ;
members: operand | ANY OF operand | ALL OF operand | NONE OF operand ;
text_verb: CONTAINS | STARTS WITH | ENDS WITH ;

operand: operand '+' operand | operand '-' operand | operand '*' operand | operand '/' operand
  | '-' operand %prec NEG | operand FB operand
  | '(' condition ')' | NAME | call | NOW | template | NUMBER | TRUE | FALSE | TIME | DURATION | '[' ']' | '[' operands ']' ;
operands: operand | operands ',' operand ;
template: STRING | HEAD template_parts TAIL ;
template_parts: operand | template_parts MIDDLE operand ;

test: TEST STRING | test given | test expectation ;
given: GIVEN NAME at_opt | given NAME is_eq literal | given NAME IS MISSING ;
at_opt: %empty | AT TIME ;
is_eq: IS | '=' ;
expectation: EXPECT outcome expected_actions | expectation AND outcome expected_actions ;
outcome: RULE STRING of_opt | NO RULE of_opt | OTHERWISE of_opt ;
of_opt: %empty | IN STRING ;
expected_actions: %empty | expected_actions action | expected_actions BLOCKED action ;

word: NAME | ACTION | AFTER | ALL | AND | ANY | AS | AT | BECAUSE | BETWEEN | BLOCK | BLOCKED | BODY | BY | CALENDAR | CANNOT | CHOICE | CLOSED | COMPLETE | CONNECTOR | CONTAINS | DEFINE | DURING | EMIT | ENDS | ENV | EVENT | EXACTLY | EXCLUSIVE | EXPECT | FIELD | FILE_ | FROM | GIVEN | GIVES | GROUP | GUARD | HAS | HEADER | IGNORE | IN | IS | JSON | KNOWN | LIMIT | LIST | LOOKUP | MATCHES | MISSING | MOST | NO | NONE | OF | OLDER | ON | ONCE | ONE | OPEN | OPTIONAL | OR | OTHERWISE | PER | READ | RECORD | RULE | RULESET | SECRET | SERVICE | SET | SETTING | SITE | SOURCE | STARTS | STATE | TAKES | TEST | THAN | THEN | TO | UNDO | UNDONE | UNLESS | USE | WHEN | WITH | WITHIN | ZONE ;
%%
