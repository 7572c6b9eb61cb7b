-- The health of an Application that is a resource of another Application. Without this check, it is healthy as soon as it exists, and
-- the sync waves of a root Application do not wait for it.
local status = obj.status or {}

for _, condition in ipairs(status.conditions or {}) do
  -- With these conditions, status.health is outdated, or Healthy if there was no earlier health.
  if condition.type == "ComparisonError" or condition.type == "InvalidSpecError" then
    return { status = "Degraded", message = condition.message }
  end
end

local operation = status.operationState or {}
local synced = status.sync ~= nil and status.sync.status == "Synced"
-- A failed sync stays in the status after the objects have recovered, so it counts only while the Application is out of sync.
if (operation.phase == "Failed" or operation.phase == "Error") and not synced then
  return { status = "Degraded", message = operation.message }
end

local health = status.health or {}
if health.status == nil then
  return { status = "Progressing", message = "Waiting for the first comparison by Argo CD" }
end
-- Before the first sync, or while the first sync is retried.
if health.status == "Missing" then
  return { status = "Progressing", message = operation.message or "Some resources are not in the cluster yet" }
end
-- During a sync, a healthy Application can still lack the resources of later waves.
if health.status == "Healthy" and operation.phase == "Running" then
  return { status = "Progressing", message = operation.message }
end
return { status = health.status, message = health.message }
