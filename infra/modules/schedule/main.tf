# Schedules that call functions, under one group and one role.

variable "name" {
  type = string
}

variable "schedules" {
  type = map(object({ name = string, expression = string, zone = string, function = string, input = string }))
}

variable "callable" {
  description = "ARNs of functions by name."
  type        = map(string)
}

variable "place" {
  type = any
}

locals {
  called = distinct([for schedule in var.schedules : schedule.function])
}

resource "aws_scheduler_schedule_group" "this" {
  count = length(var.schedules) > 0 ? 1 : 0

  name = var.name
}

resource "aws_iam_role" "this" {
  count = length(var.schedules) > 0 ? 1 : 0

  name        = "${var.name}-schedule"
  description = "Calls functions by the clock."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.place.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  count = length(var.schedules) > 0 ? 1 : 0

  name = "calls"
  role = aws_iam_role.this[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "CallFunctions"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = [for function in local.called : var.callable[function]]
    }]
  })
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.schedules

  name                         = each.value.name
  group_name                   = aws_scheduler_schedule_group.this[0].name
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.zone
  kms_key_arn                  = var.place.key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.callable[each.value.function]
    role_arn = aws_iam_role.this[0].arn
    input    = each.value.input

    # A call that is late is worth nothing: the next look is a minute away, and it finds what was missed.
    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 3
    }
  }
}
