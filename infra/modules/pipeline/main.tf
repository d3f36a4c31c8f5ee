# What one pipeline has for itself: the queue of its requests, its state machine and its schedule.

variable "pipeline" {
  type = any
}

variable "definition" {
  description = "The file with the state machine, with the functions' and the topic's ARNs left open."
  type        = string
}

variable "functions" {
  description = "ARNs of the functions that state machines call, by what they do."
  type        = map(string)
}

variable "callable" {
  description = "ARNs of functions by name."
  type        = map(string)
}

variable "place" {
  type = any
}

module "queue" {
  source = "../queue"

  queue = var.pipeline.queue
  place = var.place
}

resource "aws_cloudwatch_event_rule" "this" {
  name           = var.pipeline.rule.name
  description    = "To the queue ${var.pipeline.rule.queue}."
  event_bus_name = var.place.bus
  event_pattern  = var.pipeline.rule.pattern
}

resource "aws_cloudwatch_event_target" "this" {
  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = var.place.bus
  arn            = module.queue.arn
}

resource "aws_cloudwatch_log_group" "this" {
  # Step Functions may write to groups with this prefix without an entry of their own in the logs' policy.
  name              = "/aws/vendedlogs/states/${var.pipeline.state_machine}"
  retention_in_days = var.place.log_retention_days
  kms_key_id        = var.place.key_arn
}

resource "aws_iam_role" "this" {
  name        = "${var.pipeline.state_machine}-machine"
  description = "Walks the pipeline's steps."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.place.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  # checkov:skip=CKV_AWS_290:Log deliveries and traces have no resources that IAM knows
  # checkov:skip=CKV_AWS_355:Log deliveries and traces have no resources that IAM knows
  name = "calls"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "AskFunctions", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = values(var.functions) },
      { Sid = "SendPosts", Effect = "Allow", Action = "sns:Publish", Resource = var.place.topic_arn },
      { Sid = "UseTheKey", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = var.place.key_arn },
      {
        Sid    = "Log"
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        ]
        Resource = "*"
      },
      {
        Sid      = "Trace"
        Effect   = "Allow"
        Action   = ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_sfn_state_machine" "this" {
  # checkov:skip=CKV_AWS_285:Failures are logged; what executions hold is not, since task tokens pass through it
  name       = var.pipeline.state_machine
  type       = "STANDARD"
  role_arn   = aws_iam_role.this.arn
  definition = templatefile(var.definition, merge(var.functions, { publishing = var.place.topic_arn }))

  logging_configuration {
    level = "ERROR"
    # Inputs hold ids alone, but task tokens pass through.
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.this.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = var.place.key_arn
    kms_data_key_reuse_period_seconds = 300
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "${var.pipeline.state_machine}-failed"
  alarm_description   = "A job of ${var.pipeline.state_machine} has failed: `pressroom --runtime aws jobs` says why."
  namespace           = "AWS/States"
  metric_name         = "ExecutionsFailed"
  dimensions          = { StateMachineArn = aws_sfn_state_machine.this.arn }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
}

module "schedules" {
  source = "../schedule"

  name      = var.pipeline.state_machine
  schedules = var.pipeline.schedules
  callable  = var.callable
  place     = var.place
}

output "state_machine_arn" {
  value = aws_sfn_state_machine.this.arn
}
