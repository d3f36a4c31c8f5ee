# What one subscriber of the bus has for itself: a queue, and the rule that fills it.

variable "subscription" {
  type = any
}

variable "place" {
  type = any
}

module "queue" {
  source = "../queue"

  queue = var.subscription.queue
  place = var.place
}

resource "aws_cloudwatch_event_rule" "this" {
  name           = var.subscription.rule.name
  description    = "To the queue ${var.subscription.rule.queue}."
  event_bus_name = var.place.bus
  event_pattern  = var.subscription.rule.pattern
}

resource "aws_cloudwatch_event_target" "this" {
  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = var.place.bus
  arn            = module.queue.arn
}
