# The deployment: a base that everything stands on, and one module for each pipeline, channel and subscriber.
# What there is of each comes from `pressroom aws synth`; a new pipeline or channel changes nothing here.

module "base" {
  source = "./modules/base"

  name               = var.name
  tables             = var.tables
  settings           = var.settings
  secrets            = var.secrets
  layer              = var.layer
  python             = var.python
  architecture       = var.architecture
  packages           = "${path.root}/packages"
  alarm_emails       = var.alarm_emails
  log_retention_days = var.log_retention_days
  keep_data          = var.keep_data
  browser_origins    = var.browser_origins
}

locals {
  # What every function and queue needs to know of where it stands.
  place = merge(module.base.place, {
    environment = {
      PRESSROOM_AWS__NAME                = var.name
      PRESSROOM_AWS__ACCOUNT             = module.base.place.account
      PRESSROOM_SERVER__PUBLIC_BASE_URL  = local.public_base_url
      POWERTOOLS_SERVICE_NAME            = var.name
      POWERTOOLS_METRICS_NAMESPACE       = var.name
      POWERTOOLS_TRACER_CAPTURE_RESPONSE = "false" # it may hold what people wrote
    }
  })
  own_base_url    = try(jsondecode(var.settings["/${var.name}/settings/server"]).public_base_url, "")
  public_base_url = local.own_base_url == "" ? module.api.endpoint : local.own_base_url
}

module "functions" {
  source   = "./modules/function"
  for_each = var.functions

  function = each.value
  place    = local.place
}

module "queues" {
  source   = "./modules/queue"
  for_each = var.queues

  queue = each.value
  place = local.place

  depends_on = [module.functions]
}

module "pipe" {
  source = "./modules/pipe"

  name       = var.name
  place      = local.place
  stream_arn = module.base.log_stream_arn
  function   = { name = var.functions["announcing"].name, arn = module.functions["announcing"].arn }
}

module "pipeline" {
  source   = "./modules/pipeline"
  for_each = var.pipelines

  pipeline   = each.value
  definition = "${path.root}/${each.value.definition}"
  place      = local.place
  functions  = { for name in ["steps", "look", "pause"] : name => module.functions[name].arn }
  callable   = { for function in module.functions : function.name => function.arn }

  depends_on = [module.functions]
}

module "channel" {
  source   = "./modules/channel"
  for_each = var.channels

  channel = each.value
  place   = local.place
}

module "subscription" {
  source   = "./modules/subscription"
  for_each = var.subscriptions

  subscription = each.value
  place        = local.place

  depends_on = [module.functions]
}

module "schedules" {
  source = "./modules/schedule"

  name      = "${var.name}-clock"
  schedules = var.schedules
  callable  = { for function in module.functions : function.name => function.arn }
  place     = local.place
}

# What S3 tells, it tells the account's own bus; everything else is told on ours.
resource "aws_cloudwatch_event_rule" "this" {
  for_each = var.rules

  name           = each.value.name
  description    = "To the queue ${each.value.queue}."
  event_bus_name = each.value.bus == "" ? "default" : module.base.place.bus
  event_pattern  = replace(each.value.pattern, "{account}", local.place.account)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = var.rules

  rule           = aws_cloudwatch_event_rule.this[each.key].name
  event_bus_name = aws_cloudwatch_event_rule.this[each.key].event_bus_name
  arn            = module.queues[each.value.queue].arn
}

module "api" {
  source = "./modules/api"

  name                = var.name
  place               = module.base.place
  function            = { name = module.functions["http"].name, invoke_arn = module.functions["http"].invoke_arn }
  requests_per_second = var.requests_per_second
  requests_at_once    = var.requests_at_once
}

module "observability" {
  source = "./modules/observability"

  name               = var.name
  place              = module.base.place
  monthly_budget_usd = var.monthly_budget_usd
  alarm_emails       = var.alarm_emails
  functions          = [for function in concat(values(var.functions), [for channel in var.channels : channel.function]) : function.name]
  queues = [for queue in concat(
    values(var.queues),
    [for part in var.pipelines : part.queue],
    [for part in var.channels : part.queue],
    [for part in var.subscriptions : part.queue],
  ) : queue.name]
  state_machines = [for part in var.pipelines : part.state_machine]
  tables         = keys(var.tables)
  api            = module.api.id
}
