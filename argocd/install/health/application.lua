-- An Application as a part of another one: what Argo CD says of it. Without this one counts as healthy as soon as it is there, and
-- the sync waves of a root Application wait for nothing.
local status = obj.status or {}

for _, condition in ipairs(status.conditions or {}) do
  -- Its health is then that of the time before, and Healthy where there was none.
  if condition.type == "ComparisonError" or condition.type == "InvalidSpecError" then
    return { status = "Degraded", message = condition.message }
  end
end

local operation = status.operationState or {}
local synced = status.sync ~= nil and status.sync.status == "Synced"
-- A failed sync stays written down after all became well by itself, so it counts only while something is out of sync.
if (operation.phase == "Failed" or operation.phase == "Error") and not synced then
  return { status = "Degraded", message = operation.message }
end

local health = status.health or {}
if health.status == nil then
  return { status = "Progressing", message = "Argo CD has not looked at it yet" }
end
-- Before its first sync, or while that is tried again.
if health.status == "Missing" then
  return { status = "Progressing", message = operation.message or "Not all of it is in the cluster yet" }
end
-- What is healthy in the middle of a sync may lack what a later wave brings.
if health.status == "Healthy" and operation.phase == "Running" then
  return { status = "Progressing", message = operation.message }
end
return { status = health.status, message = health.message }
