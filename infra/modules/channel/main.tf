# What one channel has for itself: its queue, and a function that reads this channel's secrets and no other's.

variable "channel" {
  type = any
}

variable "place" {
  type = any
}

module "function" {
  source = "../function"

  function = var.channel.function
  place    = var.place
}

module "queue" {
  source = "../queue"

  queue = var.channel.queue
  place = var.place

  depends_on = [module.function]
}

resource "aws_sns_topic_subscription" "this" {
  topic_arn     = var.place.topic_arn
  protocol      = "sqs"
  endpoint      = module.queue.arn
  filter_policy = jsonencode({ queue = var.channel.queue.topic_filter })
}
