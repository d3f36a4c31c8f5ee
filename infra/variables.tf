# The first part is what you may set, in a file `mine.auto.tfvars`. The second is written by `pressroom aws synth`.

variable "tags" {
  description = "Further tags of everything."
  type        = map(string)
  default     = {}
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget; each confirms once, by a link in a mail."
  type        = list(string)
  default     = []
}

variable "monthly_budget_usd" {
  description = "At 80 % of it, and when it is forecast to be passed, alarm_emails are told; 0 for no budget."
  type        = number
  default     = 50
}

variable "log_retention_days" {
  description = "How long functions', state machines' and the API's logs are kept."
  type        = number
  default     = 365
}

variable "keep_data" {
  description = "Whether tables and buckets refuse to be destroyed while they hold anything."
  type        = bool
  default     = true
}

variable "requests_per_second" {
  description = "Of the HTTP API as a whole; what is over is answered 429."
  type        = number
  default     = 50
}

variable "requests_at_once" {
  description = "The burst of the HTTP API that is let through above requests_per_second."
  type        = number
  default     = 100
}

variable "browser_origins" {
  description = "Origins whose pages may upload straight into the store, such as https://app.example."
  type        = list(string)
  default     = []
}

# --- written by `pressroom aws synth`

variable "name" {
  type = string
}

variable "region" {
  type    = string
  default = ""
}

variable "architecture" {
  type = string
}

variable "python" {
  type = string
}

variable "layer" {
  type = string
}

variable "tables" {
  type = map(object({
    suffix     = string
    hash_key   = string
    range_key  = string
    attributes = map(string)
    indexes = map(object({
      hash_key   = string
      range_key  = optional(string)
      projection = string
    }))
    ttl    = string
    stream = string
  }))
}

variable "settings" {
  description = "Values of Parameter Store by name; JSON, and nothing secret."
  type        = map(string)
}

variable "secrets" {
  description = "Names of secrets. Only the empty place is made here: values never pass through Terraform's state."
  type        = set(string)
}

variable "functions" {
  type = map(object({
    name             = string
    module           = string
    handler          = string
    description      = string
    memory_mb        = number
    time_out_seconds = number
    package          = string
    grants           = list(object({ why = string, actions = list(string), resources = list(string) }))
    environment      = map(string)
  }))
}

variable "queues" {
  type = map(object({
    name                   = string
    dead                   = string
    read_by                = string
    batch                  = number
    at_once                = number
    visibility_seconds     = number
    retention_seconds      = number
    dead_retention_seconds = number
    polling_seconds        = number
    receives               = number
    topic_filter           = list(string)
  }))
}

variable "rules" {
  type = map(object({ name = string, pattern = string, queue = string, bus = string }))
}

variable "schedules" {
  type = map(object({ name = string, expression = string, zone = string, function = string, input = string }))
}

variable "pipelines" {
  type = map(object({
    queue = object({
      name                   = string
      dead                   = string
      read_by                = string
      batch                  = number
      at_once                = number
      visibility_seconds     = number
      retention_seconds      = number
      dead_retention_seconds = number
      polling_seconds        = number
      receives               = number
      topic_filter           = list(string)
    })
    rule          = object({ name = string, pattern = string, queue = string, bus = string })
    state_machine = string
    definition    = string
    schedules = map(object({
      name       = string
      expression = string
      zone       = string
      function   = string
      input      = string
    }))
  }))
}

variable "channels" {
  type = map(object({
    queue = object({
      name                   = string
      dead                   = string
      read_by                = string
      batch                  = number
      at_once                = number
      visibility_seconds     = number
      retention_seconds      = number
      dead_retention_seconds = number
      polling_seconds        = number
      receives               = number
      topic_filter           = list(string)
    })
    function = object({
      name             = string
      module           = string
      handler          = string
      description      = string
      memory_mb        = number
      time_out_seconds = number
      package          = string
      grants           = list(object({ why = string, actions = list(string), resources = list(string) }))
      environment      = map(string)
    })
  }))
}

variable "subscriptions" {
  type = map(object({
    queue = object({
      name                   = string
      dead                   = string
      read_by                = string
      batch                  = number
      at_once                = number
      visibility_seconds     = number
      retention_seconds      = number
      dead_retention_seconds = number
      polling_seconds        = number
      receives               = number
      topic_filter           = list(string)
    })
    rule = object({ name = string, pattern = string, queue = string, bus = string })
  }))
}
