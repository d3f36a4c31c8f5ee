variable "name" {
  type = string
}

variable "tables" {
  type = any
}

variable "settings" {
  type = map(string)
}

variable "secrets" {
  type = set(string)
}

variable "layer" {
  type = string
}

variable "python" {
  type = string
}

variable "architecture" {
  type = string
}

variable "packages" {
  description = "The folder with what `pressroom aws build` made."
  type        = string
}

variable "alarm_emails" {
  type = list(string)
}

variable "log_retention_days" {
  type = number
}

variable "keep_data" {
  type = bool
}

variable "browser_origins" {
  type = list(string)
}
