# One picture of the whole deployment, and what it may cost.

variable "name" {
  type = string
}

variable "place" {
  type = any
}

variable "functions" {
  type = list(string)
}

variable "queues" {
  type = list(string)
}

variable "state_machines" {
  type = list(string)
}

variable "tables" {
  type = list(string)
}

variable "api" {
  type = string
}

variable "monthly_budget_usd" {
  type = number
}

variable "alarm_emails" {
  type = list(string)
}

locals {
  states = "arn:${var.place.partition}:states:${var.place.region}:${var.place.account}:stateMachine"
  charts = [
    { title = "Jobs that began", stat = "Sum", metrics = [for name in var.state_machines : ["AWS/States", "ExecutionsStarted", "StateMachineArn", "${local.states}:${name}"]] },
    { title = "Jobs that failed", stat = "Sum", metrics = [for name in var.state_machines : ["AWS/States", "ExecutionsFailed", "StateMachineArn", "${local.states}:${name}"]] },
    { title = "What waits", stat = "Maximum", metrics = [for name in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name]] },
    { title = "How long the oldest has waited (s)", stat = "Maximum", metrics = [for name in var.queues : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name]] },
    { title = "Functions that failed", stat = "Sum", metrics = [for name in var.functions : ["AWS/Lambda", "Errors", "FunctionName", name]] },
    { title = "How long functions run (p95, ms)", stat = "p95", metrics = [for name in var.functions : ["AWS/Lambda", "Duration", "FunctionName", name]] },
    { title = "Functions at the same time", stat = "Maximum", metrics = [for name in var.functions : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", name]] },
    { title = "Requests to the HTTP API", stat = "Sum", metrics = [for name in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", name, "ApiId", var.api]] },
    { title = "Writes to the tables (units)", stat = "Sum", metrics = [for name in var.tables : ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", name]] },
    { title = "Reads of the tables (units)", stat = "Sum", metrics = [for name in var.tables : ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", name]] },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for number, chart in local.charts : {
      type   = "metric"
      x      = 12 * (number % 2)
      y      = 6 * floor(number / 2)
      width  = 12
      height = 6
      properties = {
        title   = chart.title
        region  = var.place.region
        stat    = chart.stat
        period  = 300
        metrics = chart.metrics
      }
    }]
  })
}

resource "aws_budgets_budget" "this" {
  count = var.monthly_budget_usd > 0 && length(var.alarm_emails) > 0 ? 1 : 0

  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  # Costs are told apart by tag once the tag "deployment" is switched on for billing in the account.
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:deployment%s%s", "$", var.name)]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "ACTUAL"
    subscriber_email_addresses = var.alarm_emails
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = var.alarm_emails
  }
}

output "dashboard" {
  value = aws_cloudwatch_dashboard.this.dashboard_name
}
