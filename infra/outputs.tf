output "url" {
  description = "Where the HTTP API and the pages are."
  value       = local.public_base_url
}

output "name" {
  value = var.name
}

output "buckets" {
  value = module.base.buckets
}

output "alarm_topic" {
  value = module.base.place.alarm_topic
}

output "dashboard" {
  value = module.observability.dashboard
}
