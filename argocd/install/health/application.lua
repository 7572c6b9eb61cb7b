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
-- From here on a status of Healthy is doubted: it is the health of the last comparison, and that can be older than what has been synced since,
-- or from before there was anything. A parent that believes it begins its next wave too early.
if health.status == "Healthy" then
  local sync = status.sync or {}
  local result = operation.syncResult or {}
  local spec = obj.spec or {}
  local automated = (spec.syncPolicy or {}).automated
  if operation.phase == "Running" or operation.phase == "Terminating" then
    return { status = "Progressing", message = operation.message }
  end
  if obj.operation ~= nil then
    return { status = "Progressing", message = "Waiting for the sync to begin" }
  end
  if not synced and automated ~= nil and automated.enabled ~= false then
    local revisions = function(of) return table.concat(of.revisions or {}, ",") .. (of.revision or "") end
    -- What only a person prunes is left as it is.
    local pending = false
    for _, resource in ipairs(status.resources or {}) do
      pending = pending or (resource.status == "OutOfSync" and not resource.requiresPruning)
    end
    if pending and revisions(result) ~= revisions(sync) then
      return { status = "Progressing", message = "Waiting for the sync to " .. revisions(sync) }
    end
  end
  -- Times are of one form, and in seconds. A comparison of the same second counts if it found what was synced.
  local compared, finished = status.reconciledAt, operation.finishedAt
  if compared ~= nil and finished ~= nil and (compared < finished or (compared == finished and not synced)) then
    return { status = "Progressing", message = "Waiting for the comparison after the sync" }
  end
end
return { status = health.status, message = health.message }
