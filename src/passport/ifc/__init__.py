"""Reading meaning out of IFC: elements, materials, quantities, storeys, floor area."""
