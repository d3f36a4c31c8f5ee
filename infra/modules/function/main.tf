# One function with a role of its own, its log and its alarms.

variable "function" {
  type = any
}

variable "place" {
  type = any
}

locals {
  known = {
    "{partition}" = var.place.partition
    "{region}"    = var.place.region
    "{account}"   = var.place.account
    "{key}"       = var.place.key_arn
  }
  # What synth could not know is filled in.
  grants = [for grant in var.function.grants : {
    Sid    = grant.why
    Effect = "Allow"
    Action = grant.actions
    Resource = [for resource in grant.resources :
      replace(replace(replace(replace(resource,
        "{partition}", local.known["{partition}"]),
        "{region}", local.known["{region}"]),
        "{account}", local.known["{account}"]),
      "{key}", local.known["{key}"])
    ]
  }]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.function.name}"
  retention_in_days = var.place.log_retention_days
  kms_key_id        = var.place.key_arn
}

resource "aws_iam_role" "this" {
  name        = var.function.name
  description = var.function.description
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "calls"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.grants })
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_115:A limit for each function would take from the others what the account has; queues limit what runs at once
  # checkov:skip=CKV_AWS_116:What a queue or a state machine asks for stays with the queue or the state machine; what a clock asks for is asked again
  # checkov:skip=CKV_AWS_117:It reaches the Internet and services of AWS only; a network of its own would add a gateway and no protection
  # checkov:skip=CKV_AWS_272:Packages are named by their hash and lie in a bucket that only a deployment may write to
  function_name    = var.function.name
  description      = var.function.description
  role             = aws_iam_role.this.arn
  handler          = var.function.handler
  runtime          = var.place.runtime
  architectures    = [var.place.architecture]
  memory_size      = var.function.memory_mb
  timeout          = var.function.time_out_seconds
  s3_bucket        = var.place.code[var.function.package].bucket
  s3_key           = var.place.code[var.function.package].key
  source_code_hash = var.place.code[var.function.package].hash
  layers           = var.place.layers
  kms_key_arn      = var.place.key_arn

  environment {
    variables = merge(var.place.environment, var.function.environment)
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "Text" # each line is JSON already, and a second envelope would only hide its keys
    log_group  = aws_cloudwatch_log_group.this.name
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = {
    Errors    = "${var.function.name} has failed more than five times in five minutes."
    Throttles = "${var.function.name} may not run as often as it is called: the account's limit is met."
  }

  alarm_name          = "${var.function.name}-${lower(each.key)}"
  alarm_description   = each.value
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = var.function.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
  ok_actions          = [var.place.alarm_topic]
}

output "name" {
  value = aws_lambda_function.this.function_name
}

output "arn" {
  value = aws_lambda_function.this.arn
}

output "invoke_arn" {
  value = aws_lambda_function.this.invoke_arn
}
