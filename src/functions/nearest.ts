export { nearestNames } from '#src/common/nearest'
